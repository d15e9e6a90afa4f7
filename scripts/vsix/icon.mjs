import { crc32, deflateSync } from 'node:zlib';

const SIZE = 128;
const MIDDLE = SIZE / 2;
const GROUND = [13, 17, 23];
const MARK = [88, 166, 255];
const CORNER = 24;

/** How far a point lies outside of the ground, a square with round corners; below 0: inside. */
function outsideGround(x, y) {
  const [dx, dy] = [x, y].map((one) => Math.abs(one - MIDDLE) - (MIDDLE - CORNER));
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - CORNER;
}

/** The same of the mark: a circle with four lines through it, as on the pages of the console. */
function outsideMark(x, y) {
  const [across, down] = [Math.abs(x - MIDDLE), Math.abs(y - MIDDLE)];
  const circle = Math.abs(Math.hypot(across, down) - 34) - 5;
  const line = (along, beside) => Math.max(Math.abs(along - 36) - 18, beside - 5);
  return Math.min(circle, line(across, down), line(down, across));
}

/** Edges are smooth over one pixel. */
const coverage = (outside) => Math.min(1, Math.max(0, 0.5 - outside));

function pixelAt(column, row) {
  const [x, y] = [column + 0.5, row + 0.5];
  const mark = coverage(outsideMark(x, y));
  const colour = GROUND.map((ground, index) => Math.round(ground + (MARK[index] - ground) * mark));
  return [...colour, Math.round(255 * coverage(outsideGround(x, y)))];
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The icon of the extension as a PNG of 128 by 128 pixels; the same bytes each time. */
export function iconPng() {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIZE, 0);
  head.writeUInt32BE(SIZE, 4);
  // Eight bits for each of red, green, blue and opacity.
  head.set([8, 6, 0, 0, 0], 8);
  const places = [...Array(SIZE).keys()];
  const rows = places.map((row) => Buffer.from([0, ...places.flatMap((column) => pixelAt(column, row))]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
