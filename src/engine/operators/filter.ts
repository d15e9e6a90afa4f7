import type { KqlNode } from '../../kql/ast.ts';
import type { Budget } from '../budget.ts';
import type { Expression, Getter } from '../compile/expression.ts';
import { required } from '../compile/nodes.ts';
import { repeatedTexts } from '../compile/over-column.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { watchFilter } from '../compile/watched.ts';
import type { Selection } from '../runtime/column.ts';
import { quickRows } from '../runtime/quick-codes.ts';
import { selectRows, sequence, type Table } from '../runtime/table.ts';

const CHUNK = 4096;

/** `where`: rows for which the condition is true; null counts as false. */
export function compileFilter(node: KqlNode, scope: Scope): TableStep {
  watchFilter(node, scope);
  const condition = scope.compilation.expression(required(node, 'Condition'), scope);
  const { budget } = scope.compilation;
  return (input) => filterRows(input, condition, budget);
}

export function filterRows(input: Table, condition: Expression, budget: Budget): Table {
  if (condition.constant === true) return input;
  const rows = matchingRows(input, condition, budget);
  return rows.length === input.rowCount ? input : selectRows(input, rows, budget);
}

export function matchingRows(input: Table, condition: Expression, budget: Budget): Selection {
  const get = condition.bind(input);
  const texts = repeatedTexts(input, condition.over);
  if (texts) return rowsOfTexts(texts.codes, texts.distinct.length, get, budget);
  const rows = new Int32Array(input.rowCount);
  let count = 0;
  for (let row = 0; row < input.rowCount; row += 1) {
    if (get(row) === true) {
      rows[count] = row;
      count += 1;
    }
    if (row % CHUNK === 0) budget.tick(CHUNK);
  }
  return rows.slice(0, count);
}

/** The same where the condition depends on one text only. */
function rowsOfTexts(codes: Int32Array, count: number, get: Getter, budget: Budget): Selection {
  budget.tick(codes.length);
  const keeps = keptTexts(codes, count, get);
  if (keeps === null) return sequence(codes.length);
  const quick = quickRows(codes, keeps);
  if (quick) return quick;
  const rows = new Int32Array(codes.length);
  let kept = 0;
  // Without a branch for each row: which rows are kept follows no pattern that a processor could guess.
  for (let row = 0; row < codes.length; row += 1) {
    rows[kept] = row;
    kept += keeps[codes[row] as number] as number;
  }
  return rows.slice(0, kept);
}

/** 1 for each distinct text that is kept: each is asked about once, at its first row. Null where all are. */
function keptTexts(codes: Int32Array, count: number, get: Getter): Uint8Array | null {
  const seen = new Uint8Array(count);
  const keeps = new Uint8Array(count);
  let [unseen, kept] = [count, 0];
  for (let row = 0; row < codes.length && unseen > 0; row += 1) {
    const code = codes[row] as number;
    if (seen[code] === 1) continue;
    seen[code] = 1;
    unseen -= 1;
    if (get(row) !== true) continue;
    keeps[code] = 1;
    kept += 1;
  }
  return kept === count ? null : keeps;
}
