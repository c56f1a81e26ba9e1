// Draws polylines into a PNG, for icons and the preview image: no image library is needed for
// round-capped strokes on a flat ground.
import zlib from 'node:zlib';

const hex = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

export class Picture {
  /** @param {string} [ground] #rrggbb, or nothing for a transparent picture */
  constructor(width, height, ground) {
    this.width = width;
    this.height = height;
    this.pixels = new Float64Array(width * height * 4);
    if (ground) this.#each(() => 1, ground);
  }

  #blend(x, y, [r, g, b], cover) {
    const at = (y * this.width + x) * 4;
    const p = this.pixels;
    const alpha = cover + p[at + 3] * (1 - cover);
    if (alpha <= 0) return;
    [r, g, b].forEach((value, i) => {
      p[at + i] = (value * cover + p[at + i] * p[at + 3] * (1 - cover)) / alpha;
    });
    p[at + 3] = alpha;
  }

  #each(cover, colour) {
    const rgb = hex(colour);
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const c = cover(x + 0.5, y + 0.5);
        if (c > 0) this.#blend(x, y, rgb, c);
      }
    }
  }

  /** A square with rounded corners that fills the picture. */
  tile(radius, colour) {
    const [w, h] = [this.width / 2, this.height / 2];
    this.#each((x, y) => {
      const dx = Math.max(Math.abs(x - w) - (w - radius), 0);
      const dy = Math.max(Math.abs(y - h) - (h - radius), 0);
      return Math.min(1, Math.max(0, radius - Math.hypot(dx, dy) + 0.5));
    }, colour);
  }

  /** One stroke through the points; its own overlaps do not darken. */
  stroke(points, thickness, colour, opacity = 1) {
    const cover = new Map();
    const reach = thickness / 2 + 1;
    for (let i = 0; i + 1 < points.length; i++) {
      const [[ax, ay], [bx, by]] = [points[i], points[i + 1]];
      const [dx, dy] = [bx - ax, by - ay];
      const length2 = dx * dx + dy * dy || 1;
      for (let y = Math.floor(Math.min(ay, by) - reach); y <= Math.max(ay, by) + reach; y++) {
        for (let x = Math.floor(Math.min(ax, bx) - reach); x <= Math.max(ax, bx) + reach; x++) {
          if (x < 0 || y < 0 || x >= this.width || y >= this.height) continue;
          const t = Math.min(1, Math.max(0, ((x + 0.5 - ax) * dx + (y + 0.5 - ay) * dy) / length2));
          const distance = Math.hypot(x + 0.5 - ax - t * dx, y + 0.5 - ay - t * dy);
          const c = Math.min(1, thickness / 2 - distance + 0.5);
          const at = y * this.width + x;
          if (c > 0 && c > (cover.get(at) ?? 0)) cover.set(at, c);
        }
      }
    }
    const rgb = hex(colour);
    for (const [at, c] of cover) this.#blend(at % this.width, Math.floor(at / this.width), rgb, c * opacity);
  }

  png() {
    const rows = Buffer.alloc((this.width * 4 + 1) * this.height);
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width * 4; x++) {
        const value = this.pixels[y * this.width * 4 + x];
        rows[y * (this.width * 4 + 1) + 1 + x] = Math.round(x % 4 === 3 ? value * 255 : value);
      }
    }
    const head = Buffer.alloc(13);
    head.writeUInt32BE(this.width, 0);
    head.writeUInt32BE(this.height, 4);
    head.set([8, 6, 0, 0, 0], 8);
    const chunk = (name, body) => {
      const out = Buffer.alloc(body.length + 12);
      out.writeUInt32BE(body.length, 0);
      out.write(name, 4, 'latin1');
      body.copy(out, 8);
      out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
      return out;
    };
    return Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      chunk('IHDR', head),
      chunk('IDAT', zlib.deflateSync(rows, { level: 9 })),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A favicon.ico that holds one PNG. */
export function ico(png, size) {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.set([size % 256, size % 256, 0, 0, 1, 0, 32, 0], 6);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(22, 18);
  return Buffer.concat([head, png]);
}
