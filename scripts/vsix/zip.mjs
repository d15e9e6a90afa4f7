import { crc32, deflateRawSync } from 'node:zlib';

/** 1980-01-01, the first day that a zip can tell: packages of the same files are the same. */
const DAY = 0x21;
const DEFLATED = 8;
const VERSION = 20;

/** Head of a file, in front of its bytes and once more in the list at the end. */
function headOf({ crc, packed, size, name }, signature, madeBy) {
  const head = Buffer.alloc(madeBy === null ? 28 : 30);
  let at = head.writeUInt32LE(signature, 0);
  if (madeBy !== null) at = head.writeUInt16LE(madeBy, at);
  at = head.writeUInt16LE(VERSION, at);
  at = head.writeUInt16LE(0x800, at);
  at = head.writeUInt16LE(DEFLATED, at);
  at = head.writeUInt16LE(0, at);
  at = head.writeUInt16LE(DAY, at);
  at = head.writeUInt32LE(crc, at);
  at = head.writeUInt32LE(packed, at);
  at = head.writeUInt32LE(size, at);
  head.writeUInt16LE(name.length, at);
  return head;
}

/** A zip of texts or bytes, each `{name, text}`. */
export function zipOf(files) {
  const parts = [];
  const list = [];
  let offset = 0;
  for (const { name: said, text } of files) {
    const [name, content] = [Buffer.from(said), Buffer.from(text)];
    const body = deflateRawSync(content, { level: 9 });
    const facts = { crc: crc32(content), packed: body.length, size: content.length, name };
    const head = Buffer.concat([headOf(facts, 0x04034b50, null), Buffer.alloc(2), name]);
    // No extra field, no comment, first disk, no attributes; then where the file begins.
    const rest = Buffer.alloc(16);
    rest.writeUInt32LE(offset, 12);
    list.push(headOf(facts, 0x02014b50, VERSION), rest, name);
    parts.push(head, body);
    offset += head.length + body.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}
