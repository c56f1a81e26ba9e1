// Pictures of the rendered pages, to look at: node tests/look/shots.mjs PAGES_DIR OUT_DIR [NAME ...]
// Each page at 390 and 1280 pixels, light and dark.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [, , pages, out, ...wanted] = process.argv;
if (!out) {
  console.error('usage: node tests/look/shots.mjs PAGES_DIR OUT_DIR [NAME ...]');
  process.exit(2);
}
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const server = http.createServer((request, response) => {
  const file = path.join(pages, path.normalize(new URL(request.url, 'http://x').pathname));
  const found = fs.existsSync(file) && fs.statSync(file).isFile();
  response.writeHead(found ? 200 : 404, {
    'Content-Type': types[path.extname(file)] ?? 'text/plain; charset=utf-8',
    'Content-Security-Policy': path.basename(file).startsWith('mail_')
      ? "default-src 'none'; style-src 'unsafe-inline'"
      : "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'",
  });
  response.end(found ? fs.readFileSync(file) : '');
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${server.address().port}`;

fs.mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const names = fs.readdirSync(pages).filter((f) => f.endsWith('.html')).map((f) => f.slice(0, -5));
const schemes = process.env.SCHEMES?.split(',') ?? ['light', 'dark'];
const widths = process.env.WIDTHS?.split(',').map(Number) ?? [390, 1280];
let bad = 0;
for (const colorScheme of schemes) {
  for (const width of widths) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, reducedMotion: 'reduce' });
    page.on('console', (message) => {
      if (message.type() !== 'error' || /404/.test(message.text())) return;
      console.error(message.text());
      bad++;
    });
    for (const name of names.filter((n) => !wanted.length || wanted.includes(n))) {
      await page.goto(`${base}/${name}.html`);
      await page.evaluate(() => document.fonts.ready);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) {
        console.error(`${name} at ${width}: ${wide} px too wide`);
        bad++;
      }
      const little = await page.evaluate(() => [...document.querySelectorAll('a, button, input:not([type=hidden]), summary, textarea')]
        .filter((e) => e.checkVisibility() && !e.closest('p, li.prose, .prose, .trap, .next-steps') && !e.matches('.skip, label input'))
        .map((e) => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])
        .filter(([, r]) => r.width > 1 && (r.height < 43.9 || r.width < 43.9))
        .map(([text, r]) => `${text} ${Math.round(r.width)}x${Math.round(r.height)}`));
      if (little.length && !name.startsWith('mail_')) {
        console.error(`${name} at ${width}: under 44 px: ${little.join('; ')}`);
        bad++;
      }
      const small = await page.evaluate(() => [...document.querySelectorAll('body *')]
        .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 16)
        .map((e) => e.textContent.trim().slice(0, 20)));
      if (small.length) {
        console.error(`${name} at ${width}: under 16 px: ${small.join('; ')}`);
        bad++;
      }
      await page.screenshot({ path: path.join(out, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
    await page.close();
  }
}
await browser.close();
server.close();
process.exit(bad ? 1 : 0);
