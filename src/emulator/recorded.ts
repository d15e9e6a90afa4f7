import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Column, SCALAR_TYPES, type ScalarType } from '../kql/types.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Cell } from '../sources/source.ts';
import { type Answerer, QueryFault } from './answer.ts';
import { ruleIdOf } from './faults.ts';

/**
 * Recorded results: a folder of YAML files, each `{rule, schema: {Column: type}, rows: [{_ingested: ISO, …}]}`.
 * A query is answered with the rows of its rule id that arrived in the window that its text names.
 */
export interface Recording {
  readonly rule: string;
  readonly columns: readonly Column[];
  readonly rows: readonly RecordedRow[];
}

export interface RecordedRow {
  /** Epoch ms of arrival. */
  readonly ingested: number;
  readonly cells: Readonly<Record<string, Cell>>;
}

export function loadRecordings(folder: string): readonly Recording[] {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => readRecording(join(folder, name)));
}

/** Answers from recordings; `rowsOf` may give rows whose times move with the clock. */
export function createRecordedAnswerer(recordings: readonly Recording[]): Answerer {
  const byRule = new Map(recordings.map((recording) => [recording.rule, recording]));
  return {
    async answer({ query }) {
      const recording = byRule.get(ruleIdOf(query) ?? '');
      if (!recording)
        throw new QueryFault(`No recording answers the rule '${ruleIdOf(query)}'. Fix semantic errors in your query.`);
      const window = windowOf(query);
      const inside = recording.rows.filter((row) => window === null || inWindow(row, window));
      return { columns: recording.columns, rows: inside.map((row) => row.cells) };
    },
  };
}

interface AskedWindow {
  readonly basis: 'ingestion' | 'event';
  readonly from: number;
  readonly to: number;
}

const DATETIME = String.raw`datetime\(([^)]+)\)`;
const INGESTION = new RegExp(String.raw`ingestion_time\(\) >= ${DATETIME} and ingestion_time\(\) < ${DATETIME}`);
const EVENT = new RegExp(`(?:Timestamp|TimeGenerated) >= ${DATETIME} and (?:Timestamp|TimeGenerated) < ${DATETIME}`);

function windowOf(query: string): AskedWindow | null {
  for (const [basis, pattern] of [['ingestion', INGESTION] as const, ['event', EVENT] as const]) {
    const match = pattern.exec(query);
    if (match) return { basis, from: Date.parse(match[1] ?? ''), to: Date.parse(match[2] ?? '') };
  }
  return null;
}

function inWindow(row: RecordedRow, window: AskedWindow): boolean {
  const time =
    window.basis === 'ingestion' ? row.ingested : Date.parse(String(row.cells.Timestamp ?? row.cells.TimeGenerated));
  return time >= window.from && time < window.to;
}

function readRecording(path: string): Recording {
  const document = parse(readFileSync(path, 'utf8'), { maxAliasCount: 100 }) as {
    rule?: unknown;
    schema?: unknown;
    rows?: unknown;
  };
  const { rule, schema, rows } = document ?? {};
  if (typeof rule !== 'string' || typeof schema !== 'object' || schema === null || !Array.isArray(rows)) {
    throw new HuntwireError('CONFIG_INVALID', `${path}: a recording needs rule, schema and rows.`);
  }
  const columns = Object.entries(schema).map(([name, type]) => ({ name, type: typeOf(type, name, path) }));
  return { rule, columns, rows: rows.map((row) => recordedRow(row as Record<string, Cell>, path)) };
}

function typeOf(type: unknown, column: string, path: string): ScalarType {
  const known = SCALAR_TYPES.find((one) => one === type);
  if (!known) throw new HuntwireError('CONFIG_INVALID', `${path}: column ${column} has no KQL type: ${String(type)}.`);
  return known;
}

function recordedRow(row: Readonly<Record<string, Cell>>, path: string): RecordedRow {
  const { _ingested: arrival, ...cells } = row;
  const ingested = Date.parse(String(arrival ?? cells.Timestamp));
  if (Number.isNaN(ingested))
    throw new HuntwireError('CONFIG_INVALID', `${path}: a row needs _ingested or Timestamp as an ISO time.`);
  return { ingested, cells };
}
