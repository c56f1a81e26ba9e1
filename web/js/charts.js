// Values of a chart to be read off: the point nearest to the pointer, or the one that the arrow keys have
// reached, with its day. Everything is in the picture and in the table below it without this script, too.
// SVG attributes and classes only: the site's policy allows no inline styles.
const SVG = 'http://www.w3.org/2000/svg';
const REACH = 48; // of the picture's units: farther away nothing is meant

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function follow(chart) {
  const points = [...chart.querySelectorAll('[data-say]')].map((mark) => {
    const [x, y] = mark.dataset.at.split(' ').map(Number);
    return { x, y, say: mark.dataset.say, panel: mark.closest('[data-panel]') };
  });
  if (!points.length) return;
  const { width, height } = chart.viewBox.baseVal;
  const ring = make('circle', { class: 'rc-ring', r: 7 });
  const ground = make('rect', { class: 'rc-tip', rx: 6, height: 30 });
  const text = make('text', { class: 'rc-tip-text' });
  const tip = make('g', { 'pointer-events': 'none', 'aria-hidden': 'true' });
  tip.append(ring, ground, text);
  const spoken = document.createElement('p');
  spoken.className = 'hide';
  spoken.setAttribute('aria-live', 'polite');
  chart.after(spoken);
  chart.setAttribute('tabindex', '0');
  let current = -1;

  function show(index) {
    if (index === current) return;
    current = index;
    const { x, y, say } = points[index];
    ring.setAttribute('cx', x);
    ring.setAttribute('cy', y);
    text.textContent = say;
    if (!tip.isConnected) chart.append(tip);
    const wide = text.getComputedTextLength() + 20;
    const left = Math.max(0, Math.min(x - wide / 2, width - wide));
    const above = y > 46;
    const top = above ? y - 42 : Math.min(y + 12, height - 30);
    ground.setAttribute('x', left);
    ground.setAttribute('y', top);
    ground.setAttribute('width', wide);
    text.setAttribute('x', left + 10);
    text.setAttribute('y', top + 20);
  }

  function hide() {
    current = -1;
    tip.remove();
  }

  function nearest(event) {
    const box = chart.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * width;
    const py = ((event.clientY - box.top) / box.height) * height;
    let best = -1;
    let least = REACH * REACH;
    points.forEach(({ x, y }, index) => {
      const far = (x - px) ** 2 + (y - py) ** 2;
      if (far < least) {
        least = far;
        best = index;
      }
    });
    return best;
  }

  // The point of the next panel that is nearest in time; without panels there is only one row.
  function acrossPanels(direction) {
    const panels = [...new Set(points.map(({ panel }) => panel))];
    const wanted = panels[panels.indexOf(points[current].panel) + direction];
    if (wanted === undefined) return current;
    let best = current;
    let least = Infinity;
    points.forEach(({ x, panel }, index) => {
      const far = Math.abs(x - points[current].x);
      if (panel === wanted && far < least) {
        least = far;
        best = index;
      }
    });
    return best;
  }

  chart.addEventListener('pointermove', (event) => {
    const index = nearest(event);
    if (index < 0) hide();
    else show(index);
  });
  chart.addEventListener('pointerdown', (event) => {
    const index = nearest(event);
    if (index >= 0) show(index);
  });
  chart.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse') hide();
  });
  chart.addEventListener('blur', hide);
  chart.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const last = points.length - 1;
    let index = current;
    if (event.key === 'ArrowRight') index = current < 0 ? 0 : Math.min(current + 1, last);
    else if (event.key === 'ArrowLeft') index = current < 0 ? last : Math.max(current - 1, 0);
    else if (event.key === 'ArrowDown' && current >= 0) index = acrossPanels(1);
    else if (event.key === 'ArrowUp' && current >= 0) index = acrossPanels(-1);
    else if (event.key === 'Home') index = 0;
    else if (event.key === 'End') index = last;
    else if (event.key === 'Escape') {
      hide();
      return;
    } else return;
    event.preventDefault();
    if (index < 0) return;
    show(index);
    spoken.textContent = points[index].say;
  });
}

for (const chart of document.querySelectorAll('svg[data-values]')) follow(chart);
