// Builds what the browser gets: node web/build.mjs OUTDIR [DEPFILE TARGET]
//
// css/*.css and js/*.js are entries (what they import lies in folders below them); fonts are subset
// from npm's packages; icons are drawn. Every file gets its content's fingerprint in its name, and
// references between them follow. OUTDIR/manifest.json says which name became which file:
// [{name, file, type, immutable}], for tools/embed.
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/* What the headings and the text need of each family: name, package file, axes kept. */
const FONTS = [
  ['fraunces-latin.woff2', 'fraunces/files/fraunces-latin-opsz-normal.woff2', { wght: { min: 400, max: 640 }, opsz: 40 }],
  ['fraunces-latin-ext.woff2', 'fraunces/files/fraunces-latin-ext-opsz-normal.woff2', { wght: { min: 400, max: 640 }, opsz: 40 }],
  ['atkinson-latin.woff2', 'atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2', { wght: { min: 400, max: 700 } }],
  ['atkinson-latin-ext.woff2', 'atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2', { wght: { min: 400, max: 700 } }],
];

/* Latin with its accents, Welsh, Romanian and Vietnamese letters, and the marks that texts use. */
function letters() {
  const ranges = [[0x20, 0x7e], [0xa0, 0x24f], [0x300, 0x30c], [0x1e00, 0x1eff], [0x2010, 0x2044], [0x20a0, 0x20bf]];
  const extra = '′″−×·←→↑↓€™≈≤≥½¼¾';
  return ranges.map(([from, to]) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i))).join('') + extra;
}

/** npm ci, once, where the packages are missing or older than the lock file. */
function installPackages() {
  const stamp = path.join(HERE, 'node_modules', '.package-lock.json');
  const lock = path.join(HERE, 'package-lock.json');
  if (fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs >= fs.statSync(lock).mtimeMs) return;
  const ran = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], { cwd: HERE, stdio: ['ignore', 2, 2] });
  if (ran.status !== 0) {
    console.error('web/build.mjs: the packages of web/package-lock.json could not be installed (npm ci).');
    process.exit(1);
  }
  fs.utimesSync(stamp, new Date(), new Date());
}

const out = process.argv[2];
if (!out) {
  console.error('usage: node web/build.mjs OUTDIR [DEPFILE TARGET]');
  process.exit(2);
}
installPackages();
const esbuild = await import('esbuild');
const { default: subsetFont } = await import('subset-font');
const { pictures } = await import('./art/icons.mjs');

const manifest = [];
const places = new Map();
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

/** Keeps `bytes` as `name`; the file's own name carries the fingerprint. */
function keep(name, bytes) {
  const { name: stem, ext } = path.parse(name);
  const fixed = name === 'favicon.ico'; // browsers ask for it by this name
  const mark = crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const file = fixed ? name : `${stem}.${mark}${ext}`;
  fs.writeFileSync(path.join(out, file), bytes);
  manifest.push({ name, file, path: fixed ? `/${file}` : `/static/${file}`, type: TYPES[ext], immutable: !fixed });
  places.set(name, `/static/${file}`);
}

for (const [name, source, axes] of FONTS) {
  const whole = fs.readFileSync(path.join(HERE, 'node_modules', '@fontsource-variable', source));
  keep(name, await subsetFont(whole, letters(), { targetFormat: 'woff2', variationAxes: axes }));
}
for (const [name, bytes] of pictures()) keep(name, bytes);

const entries = ['css', 'js'].flatMap((folder) =>
  fs.readdirSync(path.join(HERE, folder)).filter((f) => f.endsWith('.' + folder)).sort().map((f) => path.join(HERE, folder, f)));
const built = await esbuild.build({
  entryPoints: entries,
  absWorkingDir: HERE,
  outdir: path.resolve(out),
  entryNames: '[name]',
  bundle: true,
  minify: true,
  format: 'esm',
  charset: 'utf8',
  target: ['chrome105', 'firefox110', 'safari15.4'],
  external: ['asset:*'],
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
});
for (const { path: file, contents } of built.outputFiles) {
  const name = path.basename(file);
  const text = Buffer.from(contents).toString('utf8').replace(/asset:([\w.-]+)/g, (_, wanted) => {
    const place = places.get(wanted);
    if (!place) throw new Error(`${name}: refers to ${wanted}, which is not an asset`);
    return place;
  });
  keep(name, Buffer.from(text));
}
fs.writeFileSync(path.join(out, 'manifest.json'), JSON.stringify(manifest, null, 1));

const [, , , depfile, target] = process.argv;
if (depfile) {
  const own = ['build.mjs', 'package-lock.json', 'art/strands.mjs', 'art/raster.mjs', 'art/icons.mjs'];
  const read = [...Object.keys(built.metafile.inputs).filter((f) => !f.startsWith('node_modules')), ...own];
  fs.writeFileSync(depfile, `${target}: ${read.map((f) => path.join(HERE, f).replace(/ /g, '\\ ')).join(' ')}\n`);
}
