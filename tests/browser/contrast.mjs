// Every pair of colours in use has the contrast that WCAG AA asks for, light and dark:
//   node tests/browser/contrast.mjs
// 4.5 for text, 3 for what shows the edge or state of a control. The pairs are listed here; the
// stylesheets are read to see that none is missing from the list.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PARTS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../web/css/parts');

/* text on ground */
const TEXT = {
  ink: ['paper', 'surface', 'sunken', 'accent-soft', 'clay-soft', 'bad-soft', 'gold-soft'],
  'ink-2': ['paper', 'surface', 'sunken', 'accent-soft', 'clay-soft', 'bad-soft', 'gold-soft'],
  'ink-3': ['paper', 'surface', 'sunken'],
  accent: ['paper', 'surface', 'sunken', 'accent-soft', 'clay-soft'],
  'accent-strong': ['paper', 'surface', 'sunken', 'accent-soft'],
  'on-accent': ['accent', 'accent-strong'],
  clay: ['paper', 'surface', 'clay-soft'],
  gold: ['paper', 'surface', 'gold-soft'],
  bad: ['paper', 'surface', 'bad-soft'],
  paper: ['ink'],
};
/* edges and marks */
const EDGES = {
  'line-strong': ['paper', 'surface', 'sunken'],
  accent: ['paper', 'surface', 'sunken', 'accent-soft'],
  bad: ['paper', 'surface', 'bad-soft'],
  clay: ['paper', 'clay-soft'],
};

const faults = [];

function tokens(css) {
  return new Map([...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]));
}

/** WCAG 2 relative luminance. */
function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

const source = fs.readFileSync(path.join(PARTS, 'tokens.css'), 'utf8');
const cut = source.indexOf('@media (prefers-color-scheme: dark)');
if (cut < 0) throw new Error('tokens.css: no dark mode found');
const light = tokens(source.slice(0, cut));
const dark = new Map([...light, ...tokens(source.slice(cut))]);

let checked = 0;
for (const [mode, values] of [['light', light], ['dark', dark]]) {
  for (const [pairs, least] of [[TEXT, 4.5], [EDGES, 3]]) {
    for (const [front, grounds] of Object.entries(pairs)) {
      for (const ground of grounds) {
        if (!values.has(front) || !values.has(ground)) {
          faults.push(`${front} on ${ground}: no such token`);
          continue;
        }
        const ratio = contrast(values.get(front), values.get(ground));
        checked++;
        if (ratio < least) faults.push(`${mode}: ${front} on ${ground} is ${ratio.toFixed(2)}, needs ${least}`);
      }
    }
  }
}

/* What the stylesheets use must stand in the lists. */
for (const file of fs.readdirSync(PARTS)) {
  const css = fs.readFileSync(path.join(PARTS, file), 'utf8').replace(/\/\*[^]*?\*\//g, '');
  for (const [, selector, body] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const front = body.match(/(?:^|[;\s])color:\s*var\(--([\w-]+)\)/)?.[1];
    const ground = body.match(/(?:^|[;\s])background(?:-color)?:\s*var\(--([\w-]+)\)/)?.[1];
    const where = `${file}: ${selector.trim().split('\n').pop()}`;
    if (front && !TEXT[front]) faults.push(`${where}: ${front} is no colour for text`);
    if (front && ground && TEXT[front] && !TEXT[front].includes(ground)) {
      faults.push(`${where}: ${front} on ${ground} is not listed in contrast.mjs`);
    }
    for (const [, literal] of body.matchAll(/(?:color|background|border)[\w-]*:[^;]*?(#[0-9a-f]{3,8})/g)) {
      if (file !== 'tokens.css' && file !== 'settings.css') faults.push(`${where}: ${literal} is written out; use a token`);
    }
  }
}

/* The letters write their colours out (mail readers know no tokens): the same rule holds. */
const mail = fs.readFileSync(path.join(PARTS, '../../../src/web/views/mail_layout.html'), 'utf8');
const known = new Set([...light.values(), ...dark.values()]);
for (const [colour] of mail.matchAll(/#[0-9a-f]{6}/g)) {
  if (!known.has(colour)) faults.push(`mail_layout.html: ${colour} is no token's colour`);
}

if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`contrast: ${checked} pairs, all meet AA`);
