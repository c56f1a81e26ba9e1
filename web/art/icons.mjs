// The mark (three strands that untangle) and the pictures made of it.
import { Picture, ico } from './raster.mjs';
import { HERO, path, strands } from './strands.mjs';

const ACCENT = '#2c6757';
const PAPER = '#fbf8f3';

/* Each strand of the mark: the heights it passes through, in a 64 by 64 square. */
const MARK = [
  [46, 39, 23, 17, 18, 18, 18],
  [18, 22, 38, 40, 33, 32, 32],
  [32, 23, 22, 38, 46, 46, 46],
];

/** The mark's strands as points, drawn smooth, within `size` and moved in by `inset`. */
function mark(size, inset) {
  const scale = (size - 2 * inset) / 64;
  return MARK.map((heights) => {
    const points = [];
    const last = heights.length - 1;
    for (let i = 0; i < last; i++) {
      const [a, b, c, d] = [heights[Math.max(0, i - 1)], heights[i], heights[i + 1], heights[Math.min(last, i + 2)]];
      for (let k = 0; k < 12; k++) {
        const t = k / 12;
        const y = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3);
        points.push([10 + ((i + t) / last) * 44, y]);
      }
    }
    points.push([54, heights[last]]);
    return points.map(([x, y]) => [inset + x * scale, inset + y * scale]);
  });
}

function icon(size, { radius = 0, inset = 0, ground = true } = {}) {
  const picture = new Picture(size, size, ground && !radius ? ACCENT : undefined);
  if (radius) picture.tile(radius, ACCENT);
  const thickness = ((size - 2 * inset) / 64) * (size <= 48 ? 5.6 : 4.6);
  for (const line of mark(size, inset)) picture.stroke(line, thickness, PAPER);
  return picture.png();
}

export function markSvg() {
  const lines = mark(64, 0).map((points) => `<path d="${path(points.filter((_, i) => i % 6 === 0))}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="15" fill="${ACCENT}"/><g fill="none" stroke="${PAPER}" stroke-width="5" stroke-linecap="round">${lines.join('')}</g></svg>\n`;
}

function preview() {
  const picture = new Picture(1200, 630, PAPER);
  const lines = strands({ ...HERO, width: 1240, height: 400, points: 240 });
  lines.forEach((points, i) =>
    picture.stroke(points.map(([x, y]) => [x - 10, y + 115]), 3.2, ACCENT, 0.42 + (0.58 * i) / lines.length));
  return picture.png();
}

/** Name to bytes of every generated picture. */
export function pictures() {
  const small = icon(32, { radius: 7 });
  return new Map([
    ['favicon.svg', Buffer.from(markSvg())],
    ['favicon.ico', ico(small, 32)],
    ['apple-touch-icon.png', icon(180, { inset: 8 })],
    ['icon-192.png', icon(192, { radius: 44 })],
    ['icon-512.png', icon(512, { radius: 116 })],
    ['icon-maskable-512.png', icon(512, { inset: 60 })],
    ['preview.png', preview()],
  ]);
}
