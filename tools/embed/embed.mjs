// Turns web/build.mjs's files into C: node tools/embed/embed.mjs WEB/build.mjs WORKDIR TABLE.c BLOB.bin DEPFILE
//
// All bytes go into BLOB, which the table takes in with .incbin; the table is sorted by path and
// holds a gzip and a brotli form wherever that is smaller. The assembler reads BLOB by the very path
// given here, so the table must be compiled from the folder in which this ran (ninja does).
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const [, , builder, work, table, blob, depfile] = process.argv;
if (!depfile) {
  console.error('usage: node tools/embed/embed.mjs WEB/build.mjs WORKDIR TABLE.c BLOB.bin DEPFILE');
  process.exit(2);
}
const ran = spawnSync(process.execPath, [builder, work, depfile, table], { stdio: 'inherit' });
if (ran.status !== 0) process.exit(1);

const files = JSON.parse(fs.readFileSync(path.join(work, 'manifest.json'), 'utf8'));
const pieces = [];
let size = 0;

/** Where these bytes stand in the blob, as a struct str. */
function place(bytes) {
  if (!bytes) return '{0}';
  pieces.push(bytes);
  size += bytes.length;
  return `{(const char *)asset_blob + ${size - bytes.length}, ${bytes.length}}`;
}

const text = (value) => `STR_INIT(${JSON.stringify(value)})`;
const smaller = (packed, plain) => (packed.length < plain.length * 0.95 ? packed : null);

/** Order by bytes, as the table's search compares. */
const byBytes = (key) => (a, b) => Buffer.compare(Buffer.from(a[key]), Buffer.from(b[key]));

const rows = files.sort(byBytes('path')).map((file) => {
  const plain = fs.readFileSync(path.join(work, file.file));
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  const packs = /^(text|image\/svg)/.test(file.type);
  const gzip = packs ? smaller(zlib.gzipSync(plain, { level: 9 }), plain) : null;
  const brotli = packs ? smaller(zlib.brotliCompressSync(plain, { params }), plain) : null;
  const etag = `"${crypto.createHash('sha256').update(plain).digest('hex').slice(0, 20)}"`;
  return `    {
        .path = ${text(file.path)},
        .type = ${text(file.type)},
        .etag = ${text(etag)},
        .plain = ${place(plain)},
        .gzip = ${place(gzip)},
        .brotli = ${place(brotli)},
        .immutable = ${file.immutable},
    },`;
});
const names = files
  .map((file, at) => ({ name: file.name, at }))
  .sort(byBytes('name'))
  .map(({ name, at }) => `    {${text(name)}, ${at}},`);

fs.writeFileSync(blob, Buffer.concat(pieces));
fs.writeFileSync(table, `/* Written by tools/embed/embed.mjs. */
#include "web/static/asset_table.h"

__asm__(".section .rodata\\n"
        ".balign 16\\n"
        ".type asset_blob, @object\\n"
        ".global asset_blob\\n"
        ".hidden asset_blob\\n"
        "asset_blob:\\n"
        ".incbin \\"${blob}\\"\\n"
        ".size asset_blob, . - asset_blob\\n"
        ".byte 0\\n"
        ".text\\n");

extern const unsigned char asset_blob[] __attribute__((visibility("hidden")));

const struct http_asset asset_table[] = {
${rows.join('\n')}
};

const struct asset_name asset_names[] = {
${names.join('\n')}
};

const size_t asset_count = ${rows.length};
`);
