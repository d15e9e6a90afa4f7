import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createManualClock } from '../../../src/lib/clock.ts';
import type { Entry } from '../../../src/targets/syslog/carrier.ts';
import { createRelpCarrier } from '../../../src/targets/syslog/relp/relp-carrier.ts';
import {
  createRelpReader,
  LAST_TRANSACTION,
  transactionBehind,
  transactionsBetween,
  writeRelpFrame,
} from '../../../src/targets/syslog/relp/relp-frames.ts';
import { noSignal } from '../sample-alert.ts';
import { rsp, WELCOME } from './relp-receiver.ts';

const frame = fc.record({
  transaction: fc.integer({ min: 0, max: LAST_TRANSACTION }),
  command: fc.constantFrom('rsp', 'serverclose', 'a', 'a'.repeat(32)),
  data: fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 80 }),
});
/** As bytes, because a reader counts them. */
const bytesOf = (one: { transaction: number; command: string; data: string }): Buffer =>
  Buffer.from(
    one.data === ''
      ? `${one.transaction} ${one.command} 0\n`
      : `${one.transaction} ${one.command} ${one.data.length} ${one.data}\n`,
    'latin1',
  );

describe('a reader of RELP', () => {
  it('finds every frame, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(frame), fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(bytesOf));
        const read = createRelpReader();
        const found: unknown[] = [];
        for (let at = 0; at < bytes.length; ) {
          const size = cuts.next().value ?? 1;
          found.push(...(read(bytes.subarray(at, at + size)) ?? ['broken']));
          at += size;
        }
        expect(found).toEqual(frames);
      }),
    );
  });

  it.each([
    'x',
    '1 rsp\n',
    '1 rsp 5\n',
    '1 rsp 2 abc\n',
    '1 rsp 999999999 a',
    '1234567890 rsp 0\n',
    ' 1 rsp 0\n',
    `1 ${'a'.repeat(60)}`,
  ])('takes %j for no frame, at once or with the next line', (text) => {
    expect(createRelpReader()(Buffer.from(`${text}${' '.repeat(60)}\n`))).toBeNull();
  });

  it('takes a space behind a length of 0 as well', () => {
    expect(createRelpReader()(Buffer.from('4 rsp 0 \n0 serverclose 0\n'))).toEqual([
      { transaction: 4, command: 'rsp', data: '' },
      { transaction: 0, command: 'serverclose', data: '' },
    ]);
  });
});

describe('the number of a transaction', () => {
  it('begins anew at 1 behind 999,999,999', () => {
    expect(transactionBehind(LAST_TRANSACTION, 1)).toBe(1);
    expect(transactionBehind(1, -1)).toBe(LAST_TRANSACTION);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LAST_TRANSACTION }), fc.nat(2000), (first, steps) => {
        const last = transactionBehind(first, steps);
        expect(transactionsBetween(first, last)).toBe(steps);
        expect(transactionBehind(last, -steps)).toBe(first);
      }),
    );
  });

  it('may do so in the middle of a session', () => {
    const results: string[] = [];
    const rules = { window: 10, patienceMs: 1000, firstTransaction: LAST_TRANSACTION - 2 };
    const carrier = createRelpCarrier(rules, createManualClock(0));
    const hear = (text: string) => carrier.hear(Buffer.from(text));
    expect(carrier.greeting).toMatch(/^999999997 open /);
    expect(hear(rsp(999_999_997, WELCOME))).toBe('welcome');
    const entries: Entry[] = ['a', 'b', 'c', 'd'].map((id) => ({
      frame: Buffer.alloc(0),
      signal: noSignal(),
      resolve: ({ kind }) => results.push(`${id} ${kind}`),
    }));
    expect(entries.map((_, at) => carrier.wrap(Buffer.from('1 x'), at).toString())).toEqual([
      '999999998 syslog 1 x\n',
      '999999999 syslog 1 x\n',
      '1 syslog 1 x\n',
      '2 syslog 1 x\n',
    ]);
    carrier.launch(entries, 60);
    expect(hear(`${rsp(999_999_998, '200 OK')}${rsp(999_999_999, '200 OK')}${rsp(1, '200 OK')}`)).toBeNull();
    expect(results).toEqual(['a delivered', 'b delivered', 'c delivered']);
    expect(carrier.room()).toBe(9);
    expect(carrier.farewell()).toBe('3 close 0\n');
    expect(hear(`${rsp(2, '200 OK')}${rsp(3, '')}`)).toBe('goodbye');
    expect(results.at(-1)).toBe('d delivered');
  });
});

describe('a frame', () => {
  it('says its length in bytes, and has no space where there is nothing', () => {
    expect(writeRelpFrame({ transaction: 1, command: 'open', data: 'é' })).toBe('1 open 2 é\n');
    expect(writeRelpFrame({ transaction: 9, command: 'close', data: '' })).toBe('9 close 0\n');
  });
});
