import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CHANGE,
  CHANGES_WORD,
  CUT,
  DOUBLE,
  GATHERED,
  INTEGER,
  PATTERNS,
  PIECE,
  PIECE_SIZE,
  ROWS_WORD,
  startRowReader,
  TOLD_WORD,
  UNLIKE,
} from '../../../src/sources/decode/row-reader.ts';
import { ROW_READER_CODE } from '../../../src/sources/decode/row-reader-code.ts';

const root = resolve(import.meta.dirname, '../../..');
const { assemble } = (await import(join(root, 'scripts/assemble/assemble.mjs'))) as {
  assemble(source: string): Buffer;
};

/** A reader, and where the values begin in the piece that it asked for. */
function createReader() {
  const asked: number[] = [];
  const reader = startRowReader((begin) => {
    asked.push(begin - PIECE);
    return CUT;
  });
  if (!reader) throw new Error('there are no vectors here');
  return { reader, asked };
}

const { reader, asked } = createReader();

/** What is told of `{"a":AFTER}` where `{"a":BEFORE}` was the row before, at the end of what the reader sees, with other bytes behind. */
function read(before: string, after: string) {
  const { bytes, words, readRows } = reader;
  const spots = 12;
  const row = PATTERNS + 2 * spots;
  const rowEnd = row + bytes.write(`{"a":${before}}`, row, 'latin1');
  words.set([5, rowEnd - row - 1, /^["[{]/.test(before) ? 0 : 1], PATTERNS / 4);
  const text = `{"a":${after}}`;
  const start = PIECE + PIECE_SIZE - text.length;
  bytes.write(`${text}"}"}"}`, start, 'latin1');
  asked.length = 0;
  const end = readRows(row, rowEnd, PATTERNS, row - spots, row - spots, start, start + text.length, 9, text.length);
  return {
    end: end < 0 ? end : end - start,
    length: text.length,
    next: words.subarray((row - spots) / 4, row / 4),
  };
}

function change() {
  const { words } = reader;
  const [place, behind, more, foreign] = words.subarray(CHANGES_WORD, CHANGES_WORD + CHANGE);
  const count = ((words[ROWS_WORD] ?? 0) / 4 - CHANGES_WORD) / CHANGE;
  return { count, place, behind, more, foreign, double: reader.doubles[(CHANGES_WORD + 2) / 2] };
}

const textTold = () => reader.bytes.toString('utf8', GATHERED, reader.words[TOLD_WORD + 1]);

describe('the code of the reader', () => {
  it('is what its text says', () => {
    const source = readFileSync(join(root, 'src/sources/decode/row-reader.wat'), 'utf8');
    expect(assemble(source).toString('base64')).toBe(ROW_READER_CODE);
  });

  it('is not there without WebAssembly, or where its instructions are unknown', () => {
    const { WebAssembly } = globalThis as { WebAssembly?: unknown };
    const refuse = () => {
      throw new Error('no vectors');
    };
    try {
      for (const other of [undefined, { Module: refuse }]) {
        Object.assign(globalThis, { WebAssembly: other });
        expect(startRowReader(() => UNLIKE)).toBeNull();
      }
    } finally {
      Object.assign(globalThis, { WebAssembly });
    }
    expect(startRowReader(() => UNLIKE)).not.toBeNull();
  });
});

describe('a row that is read', () => {
  it('has text as JSON.parse reads it where its escapes are simple, else is asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii', maxLength: 70 }), (any, ascii) => {
        for (const value of [any, ascii, `${ascii}${ascii}`]) {
          const json = Buffer.from(JSON.stringify(value)).toString('latin1');
          const { end, length } = read('"?not this?"', json);
          const isSimple = !json.replaceAll('\\\\', '').includes('\\u');
          expect([end, asked.length]).toEqual(isSimple ? [length, 0] : [CUT, 1]);
          const isAscii = /^[\x20-\x7f]*$/.test(json);
          const { place, more = 0, foreign } = change();
          if (isSimple)
            expect([textTold(), place, more - GATHERED, foreign === 0]).toEqual([value, 0, value.length, isAscii]);
        }
      }),
    );
  });

  it('may differ at any place and in any byte, whatever lies 16 bytes further on', () => {
    for (let length = 0; length < 40; length++) {
      for (let at = 0; at <= length; at++) {
        const before = 'x'.repeat(length);
        const after = `${before.slice(0, at)}y${before.slice(at)}`;
        const { end, length: whole, next } = read(`"${before}"`, `"${after}"`);
        expect([end, textTold(), ...next]).toEqual([whole, after, 5, whole - 1, 0]);
      }
      const { end, length: whole } = read(`"${'x'.repeat(length)}"`, `"${'x'.repeat(length)}"`);
      expect([end, change().count]).toEqual([whole, 0]);
    }
  });

  it.each(['"', '"abc', '"abcd\\', '"\\x"', '"\\u0041"', '"a\u0001b"'])('has no text in %j', (json) => {
    for (const filling of ['', 'fifteen letters', 'sixteen letters.']) {
      const { end } = read('"?"', json.replace('"', `"${filling}`));
      expect([end, asked]).toEqual([CUT, [PIECE_SIZE - json.length - filling.length - 1]]);
    }
  });

  it('has numbers of few digits exactly as JSON.parse reads them', () => {
    for (const json of ['0', '7', '10', '999999999']) {
      const { end, length, next } = read('true', json);
      expect([end, ...next]).toEqual([length, 5, length - 1, 1]);
      expect(change()).toMatchObject({ count: 1, place: 0, behind: INTEGER, more: Number(json) });
    }
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,14})$/);
    const parts = fc.stringMatching(/^-?(0|[1-9]\d{0,5})\.\d{1,8}$/);
    fc.assert(
      fc.property(fc.oneof(digits, parts), (json) => {
        const { end, length } = read('true', json);
        const { behind, more, double } = change();
        expect([end, behind === DOUBLE ? double : more]).toEqual([length, JSON.parse(json)]);
      }),
    );
    for (const json of ['-0', '-0.0', '100000000000000', '-1', '0.1', '1.10', '9.9999999999999']) {
      const { end, length } = read('true', json);
      expect([json, end, change().behind, change().double]).toEqual([json, length, DOUBLE, JSON.parse(json)]);
    }
  });

  it('asks for other numbers, and for what is none', () => {
    const numbers = ['1000000000000000', '-1000000000000000', '9.99999999999999', '1e5', '1.5E-3', '1 '];
    const others = [
      '00',
      '01',
      '-01',
      '00.1',
      '-',
      '.',
      '.5',
      '-.5',
      '1.',
      '1.2.3',
      '--1',
      '+1',
      '1-',
      '12]',
      'null',
      '{}',
    ];
    for (const json of [...numbers, ...others])
      expect([json, read('true', json).end, asked]).toEqual([json, CUT, [PIECE_SIZE - json.length - 1]]);
  });

  it('goes on behind a value only where it is like the row before', () => {
    expect(read('"x"', '"y"').end).toBe(9);
    for (const other of ['"y" ', '"y",', '"y"]']) expect(read('"x"', other).end).toBe(UNLIKE);
  });

  it('is cut where the bytes end, even if what lies behind would end it', () => {
    for (const row of ['{"a":12}', '{"a":"text"}', '{"a":"y"}']) {
      for (let length = 1; length < row.length; length++) {
        const value = row.slice(5, length);
        const start = PIECE + PIECE_SIZE - length;
        read('"x"', value);
        reader.bytes.write(row, start, 'latin1');
        const from = PATTERNS + 24;
        const spots = [PATTERNS, PATTERNS + 12, PATTERNS + 12] as const;
        expect(reader.readRows(from, from + 9, ...spots, start, start + length, 9, 99)).toBe(CUT);
      }
    }
  });
});
