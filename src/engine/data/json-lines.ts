import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { HuntwireError } from '../../lib/errors.ts';
import type { Value } from '../value.ts';
import { parseJson } from '../values/json.ts';
import type { RawRow } from './row-table.ts';

const LONGEST_LINE = 16_000_000;
const BIG_INTEGER = /\d{16,}/;

/** The records of a JSON Lines file, one a line; a first line that opens an array means one JSON array over the whole file. */
export async function* readJsonLines(path: string, signal: AbortSignal): AsyncGenerator<RawRow> {
  const lines = createInterface({
    input: createReadStream(path, { encoding: 'utf8', signal }),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.length > LONGEST_LINE) throw broken(path, number, 'the line is longer than 16 MB');
    if (text.trim() !== '') yield* recordsOf(text, path, number);
  }
}

/** A line holds one object; an Event Hubs envelope `{"records": […]}` holds many. */
function* recordsOf(text: string, path: string, line: number): Generator<RawRow> {
  const value = parseLine(text, path, line);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw broken(path, line, 'it is no JSON object');
  const { records } = value as { records?: unknown };
  if (!Array.isArray(records)) yield value as RawRow;
  else for (const record of records) yield record as RawRow;
}

function parseLine(text: string, path: string, line: number): unknown {
  try {
    return BIG_INTEGER.test(text) ? plain(parseJson(text)) : JSON.parse(text);
  } catch (cause) {
    throw broken(path, line, cause instanceof Error ? cause.message : String(cause));
  }
}

/** The exact parse of a line with large integers, as the plain objects that JSON.parse gives. */
function plain(value: Value | undefined): unknown {
  if (value === undefined) throw new SyntaxError('it is not valid JSON');
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

function broken(path: string, line: number, reason: string): HuntwireError {
  return new HuntwireError('CONFIG_INVALID', `${path}:${line}: this line cannot be read as a row: ${reason}.`);
}
