import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMemberScanner } from '../../../src/engine/data/json/member-scanner.ts';
import { createQuickScan, quickBytes } from '../../../src/engine/data/json/quick-scan.ts';
import { QUICK_SCAN_CODE } from '../../../src/engine/data/json/quick-scan-code.ts';

const root = resolve(import.meta.dirname, '../../..');
const { assemble } = (await import(join(root, 'scripts/assemble/assemble.mjs'))) as {
  assemble(source: string): Buffer;
};

it('has the bytes of its text', () => {
  const text = readFileSync(join(root, 'src/engine/data/json/quick-scan.wat'), 'utf8');
  expect(assemble(text).toString('base64')).toBe(QUICK_SCAN_CODE);
});

/** Three names are one column, and some are none. */
const SLOTS: Readonly<Record<string, number>> = { a: 0, A: 0, 'x"y': 1, FileName: 2, 'a name of more than 16': 3 };
const NAMES = [...Object.keys(SLOTS), 'b', 'ä', '', 'FileNam', 'a name of more than 17', '\\'];

/** What a scanner tells of the objects that stand one after another, and whether more than `quick` of them went the quick way. */
function told(objects: readonly Buffer[], hold: (bytes: Buffer) => Buffer): unknown[] {
  const scanner = createMemberScanner((name) => SLOTS[name] ?? -1);
  const scanned = (object: Buffer): unknown => {
    const bytes = hold(Buffer.concat([Buffer.from(' '), object]));
    try {
      const end = scanner.scan(bytes, 1);
      const found = scanner.found.slice(0, scanner.count);
      return end < 0 ? end : [end, ...found.map((slot) => [slot, scanner.starts[slot], scanner.ends[slot]]).sort()];
    } catch (thrown) {
      return String(thrown);
    }
  };
  return objects.map(scanned);
}

const text = fc.string({
  unit: fc.constantFrom('a', 'ä', '"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', 'xxxxxxxxxxxxxxx'),
});
const value = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(true, null, [], {}, [[{ a: '}' }]], { a: [1, { FileName: '"' }], b: '\\' }),
);
/** Members may come twice, and with white space anywhere. */
const member = fc.tuple(fc.constantFrom(...NAMES), value, fc.constantFrom('', '', ' ', '\r\n\t'));
const object = fc
  .array(member, { maxLength: 7 })
  .map((list) =>
    list.map(([name, one, space]) => `${space}${JSON.stringify(name)}${space}:${space}${JSON.stringify(one)}${space}`),
  )
  .map((list) => `{${list.join(',')}}`);
/** As it is, with another byte somewhere, or cut. */
const bytes = fc
  .tuple(object, fc.nat(), fc.constantFrom(...'"\\,:{}[] 0tx', ''), fc.nat(5))
  .map(([one, at, byte, what]) => {
    const whole = Buffer.from(one);
    if (what === 0) return whole.subarray(0, at % whole.length);
    if (what === 1 && byte) whole.write(byte, at % whole.length);
    return whole;
  });

it('tells what the other scanner tells, of whatever stands there', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 8 }), (objects) => {
      const quick = told(objects, (one) => quickBytes([one.subarray(0, 3), one.subarray(3)], one.length));
      expect(quick).toEqual(told(objects, (one) => one));
    }),
    { numRuns: 500 },
  );
});

it('scans objects of members that it knows, and leaves others', () => {
  const quick = createQuickScan();
  quick.learn(Buffer.from('a"'), 0);
  quick.learn(Buffer.from('b"'), -1);
  quick.learn(Buffer.from('a name of more than 16"'), 1);
  const scanned = (row: string): unknown => {
    const bytes = quickBytes([Buffer.from(row)], row.length);
    const told: number[][] = [];
    const end = quick.scan(bytes, 0);
    if (end >= 0) quick.tell((...one) => told.push(one));
    return end < 0 ? end : [end, ...told];
  };
  const row = '{"a":"\\\\\\"","b":{"a":["}"]},"a name of more than 16":-1.5e3}';
  expect(scanned(row)).toEqual([row.length, [0, 5, 11], [1, 53, 59]]);
  expect(scanned('{"b":1,"b":2}')).toEqual([13]);
  expect(scanned('{ "a" : null }')).toEqual([14, [0, 8, 12]]);
  for (const left of ['{"c":1}', '{"a":1,"a":2}', '{"a":1', '{"a":x}', '{"a":1 "b":2}', '{"a";1}', '{"a":"\\"}'])
    expect(scanned(left)).toBe(-1);
  expect(quick.scan(Buffer.from('{"a":1}'), 0)).toBe(-1);
});

it('takes turns between more tables than it holds, and leaves what is too large', () => {
  const rows = Array.from({ length: 5 }, (_, index) => Buffer.from(`{"a":${index},"m${index}":"x"}`));
  const scanners = rows.map((_, index) => createMemberScanner((name) => (name === `m${index}` ? index : -1)));
  for (let round = 0; round < 3; round += 1)
    for (const [index, scanner] of scanners.entries()) {
      const row = rows[index] ?? Buffer.alloc(0);
      expect(scanner.scan(quickBytes([row], row.length), 0)).toBe(row.length);
      expect(scanner.found.slice(0, scanner.count)).toEqual([index]);
    }
  const many = Buffer.from(`{${Array.from({ length: 300 }, (_, index) => `"c${index}":1`).join()}}`);
  const scanner = createMemberScanner((name) => Number(name.slice(1)));
  for (let round = 0; round < 3; round += 1) {
    expect(scanner.scan(quickBytes([many], many.length), 0)).toBe(many.length);
    expect(scanner.count).toBe(300);
  }
  const large = Buffer.alloc(3_000_000, 0x20);
  expect(quickBytes([large], large.length).equals(large)).toBe(true);
});
