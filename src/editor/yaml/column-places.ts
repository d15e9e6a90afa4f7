import type { YamlPlace } from './place-in-yaml.ts';

/** Where a rule names columns of its result, by paths with `0` for any item and `*` for any key. */
const VALUES = [
  'alert.severityColumn',
  'alert.entities.0.*',
  'alert.details.*',
  'alert.dedup.columns.0',
  'threshold.column',
  'threshold.groupBy.0',
  'redact.columns.0',
];
const KEYS = ['exceptions.0.where'];
const TEMPLATES = ['alert.title', 'alert.description'];

/** Where a column is being written, and what of it; null: something else is. */
export interface ColumnPlace {
  readonly typed: string;
  readonly start: number;
  /** What has to follow a chosen column. */
  readonly after: string;
}

export function columnPlace({ path, part, typed, start }: YamlPlace): ColumnPlace | null {
  if (part === 'key') return KEYS.some((one) => isAt(path, one)) ? { typed, start, after: ': ' } : null;
  if (TEMPLATES.some((one) => isAt(path, one))) return inBraces(typed, start);
  if (path.at(-1) === 'type' && path[1] === 'entities') return null;
  return VALUES.some((one) => isAt(path, one)) ? { typed, start, after: '' } : null;
}

function inBraces(typed: string, start: number): ColumnPlace | null {
  const found = /\{\{\s*(\w*)$/.exec(typed);
  if (!found) return null;
  const word = found[1] ?? '';
  return { typed: word, start: start + typed.length - word.length, after: '}}' };
}

function isAt(path: readonly (string | number)[], form: string): boolean {
  const steps = form.split('.');
  return steps.length === path.length && steps.every((step, index) => step === '*' || step === String(path[index]));
}
