import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultCell } from './fault-cell.ts';
import { ALL_FAULTS } from './faults.ts';

const PAGE = join(import.meta.dirname, '../../../docs/targets.md');
const ROW = /^\| (.+?) \| (.+?) \| (.*?) \|$/;

/** What docs/targets.md says of one fault. */
export interface FaultRow {
  readonly fault: string;
  readonly usual: string;
  /** By the name of the target. */
  readonly others: ReadonlyMap<string, string>;
}

/** The rows of the table, in its order. */
export function faultTable(): readonly FaultRow[] {
  const page = readFileSync(PAGE, 'utf8');
  const table = page.slice(page.indexOf('<!-- faults -->'), page.indexOf('<!-- end of faults -->'));
  const rows = table.split('\n').flatMap((line) => {
    const [, fault = '', usual = '', others = ''] = ROW.exec(line) ?? [];
    return fault === '' || fault === 'the receiver' || fault.startsWith('---') ? [] : [rowOf(fault, usual, others)];
  });
  return rows;
}

function rowOf(fault: string, usual: string, others: string): FaultRow {
  const named = others.split('; ').flatMap((one) => {
    const [names = '', cell = ''] = one.split(': ');
    return names === '' ? [] : names.split(', ').map((name) => [name.replaceAll('`', ''), cell] as const);
  });
  return { fault, usual, others: new Map(named) };
}

/** Every fault that the matrix knows, in its order. */
export const FAULT_NAMES: readonly string[] = ALL_FAULTS.map(({ name }) => name);

/** A cell as the table has it: `again, 16 attempts`. */
export function cellText({ outcome, attempts }: FaultCell): string {
  return `${outcome}, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
}

export function expectedText({ usual, others }: FaultRow, type: string): string {
  return others.get(type) ?? usual;
}
