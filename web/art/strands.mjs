// The motif: strands that begin as a knot and end as calm parallel lines. One drawing for every use:
// the picture on the pages, the icons, the preview image. Always the same, so builds are repeatable.

/** A small seeded generator (mulberry32): pictures must not differ from build to build. */
function generator(seed) {
  let state = seed >>> 0;
  return (from, to) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return from + (((t ^ (t >>> 14)) >>> 0) / 4294967296) * (to - from);
  };
}

/**
 * Points of each strand.
 * @param {{width: number, height: number, count: number, seed: number, points: number,
 *          knot: number, spread: number, tightness: number, wobble: number}} shape
 */
export function strands({ width, height, count, seed, points, knot, spread, tightness, wobble }) {
  const between = generator(seed);
  return Array.from({ length: count }, (_, index) => {
    const rest = (height * (index + 0.5)) / count;
    const phase = [between(0, 6.28), between(0, 6.28), between(0, 6.28)];
    const rate = [between(1.2, 2.1), between(2.4, 3.6), between(4, 5.2)];
    const middle = height / 2 + between(-0.06, 0.06) * height;
    return Array.from({ length: points }, (_, at) => {
      const t = at / (points - 1);
      const pull = Math.exp(-(((t - knot) / spread) ** 2));
      const sway =
        Math.sin(rate[0] * 6.28 * t + phase[0]) * 0.135 +
        Math.sin(rate[1] * 6.28 * t + phase[1]) * 0.08 +
        Math.sin(rate[2] * 6.28 * t + phase[2]) * 0.03;
      const breath = 0.02 * Math.sin(6.28 * 0.8 * t + 0.5) * (1 - t);
      const y =
        rest * (1 - pull * tightness) + middle * pull * tightness + (sway * wobble * pull + breath) * height;
      return [t * width, y];
    });
  });
}

/** The knot as the pages show it. */
export const HERO = {
  width: 2000, height: 1040, count: 13, seed: 11, points: 31, knot: 0.27, spread: 0.2, tightness: 0.74, wobble: 1.15,
};

/** A smooth SVG path through the points, in whole relative units. */
export function path(points) {
  const round = points.map(([x, y]) => [Math.round(x), Math.round(y)]);
  let out = `M${round[0][0]} ${round[0][1]}`;
  for (let i = 0; i + 1 < round.length; i++) {
    const [before, from, to, after] = [round[Math.max(0, i - 1)], round[i], round[i + 1], round[Math.min(round.length - 1, i + 2)]];
    const first = [(to[0] - before[0]) / 6, (to[1] - before[1]) / 6];
    const second = [to[0] - from[0] - (after[0] - from[0]) / 6, to[1] - from[1] - (after[1] - from[1]) / 6];
    const numbers = [...first, ...second, to[0] - from[0], to[1] - from[1]].map(Math.round);
    out += 'c' + numbers.join(' ').replace(/ -/g, '-');
  }
  return out;
}
