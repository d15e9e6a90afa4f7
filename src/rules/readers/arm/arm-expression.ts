import { isVendorObject } from '../vendor/vendor-map.ts';

/** What expressions of a template can ask for. */
export interface ArmScope {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The value of an expression, or that only a deployment can tell it. */
export type ArmValue = { readonly value: unknown } | null;

const EXPRESSION = /^\[(?!\[)\s*([A-Za-z][\w.]*\s*\([\s\S]*\)[\s\S]*)\]$/;
const MOST_STEPS = 10_000;
const MOST_CHARACTERS = 1_000_000;
const DEEPEST = 40;

interface Evaluation {
  readonly scope: ArmScope;
  readonly text: string;
  readonly depth: number;
  readonly budget: { steps: number };
  at: number;
}

/** Whether a text is an expression; `[Entra ID] …` and `[[…` are none. */
export function isArmExpression(text: string): boolean {
  return EXPRESSION.test(text.trim());
}

/**
 * A text of a template with its expression worked out: `parameters` (their defaults), `variables`, `concat`, `format` and a few more. null where
 * only a deployment knows (`newGuid`, `resourceId`, a parameter without default).
 */
export function armValue(text: string, scope: ArmScope, budget = { steps: 0 }, depth = 0): ArmValue {
  const [, expression] = EXPRESSION.exec(text.trim()) ?? [];
  if (expression === undefined) return { value: text.startsWith('[[') ? text.slice(1) : text };
  const evaluation: Evaluation = { scope, text: expression, depth, budget, at: 0 };
  const value = readValue(evaluation);
  skip(evaluation);
  return value !== null && evaluation.at === expression.length ? value : null;
}

function readValue(evaluation: Evaluation): ArmValue {
  evaluation.budget.steps += 1;
  if (evaluation.budget.steps > MOST_STEPS || evaluation.depth > DEEPEST) return null;
  const literal = take(evaluation, /'((?:[^']|'')*)'|-?\d+/y);
  if (literal) return { value: literal[1] === undefined ? Number(literal[0]) : literal[1].replaceAll("''", "'") };
  const name = take(evaluation, /([A-Za-z][\w.]*)\s*\(/y)?.[1];
  if (name === undefined) return null;
  const called = call(evaluation, name.toLowerCase(), readArguments(evaluation));
  return readSteps(evaluation, called);
}

function readArguments(evaluation: Evaluation): readonly unknown[] | null {
  const values: unknown[] = [];
  if (take(evaluation, /\)/y)) return values;
  const inner = { ...evaluation, depth: evaluation.depth + 1 };
  for (;;) {
    inner.at = evaluation.at;
    const one = readValue(inner);
    evaluation.at = inner.at;
    if (one === null) return null;
    values.push(one.value);
    if (take(evaluation, /\)/y)) return values;
    if (!take(evaluation, /,/y)) return null;
  }
}

/** `.name` and `['name']` behind a call. */
function readSteps(evaluation: Evaluation, start: ArmValue): ArmValue {
  let current = start;
  for (;;) {
    const step = take(evaluation, /\.([A-Za-z_]\w*)|\[\s*(?:'((?:[^']|'')*)'|(\d+))\s*\]/y);
    if (!step) return current;
    const key = step[1] ?? step[2] ?? Number(step[3]);
    current = current === null ? null : memberOf(current.value, key);
  }
}

function memberOf(value: unknown, key: string | number): ArmValue {
  if (Array.isArray(value) && typeof key === 'number') return key < value.length ? { value: value[key] } : null;
  return isVendorObject(value) && Object.hasOwn(value, key) ? { value: value[key] } : null;
}

type ArmFunction = (values: readonly unknown[], evaluation: Evaluation) => ArmValue;

const FUNCTIONS: Readonly<Record<string, ArmFunction>> = {
  parameters: ([name], evaluation) => named(evaluation, evaluation.scope.parameters, name),
  variables: ([name], evaluation) => named(evaluation, evaluation.scope.variables, name),
  concat: (values) =>
    values.every(Array.isArray) ? { value: values.flat() } : bounded(values.map((value) => String(value)).join('')),
  format: ([pattern, ...values]) =>
    bounded(String(pattern).replaceAll(/\{(\d+)\}/g, (_, index) => String(values[Number(index)] ?? ''))),
  string: ([value]) => bounded(typeof value === 'string' ? value : JSON.stringify(value)),
  int: ([value]) => (Number.isInteger(Number(value)) ? { value: Number(value) } : null),
  bool: ([value]) => ({ value: String(value).toLowerCase() === 'true' || value === 1 }),
  tolower: ([value]) => ({ value: String(value).toLowerCase() }),
  toupper: ([value]) => ({ value: String(value).toUpperCase() }),
  trim: ([value]) => ({ value: String(value).trim() }),
  replace: ([text, from, to]) => bounded(String(text).replaceAll(String(from), String(to))),
  createarray: (values) => ({ value: values }),
  true: () => ({ value: true }),
  false: () => ({ value: false }),
  null: () => ({ value: null }),
};

function call(evaluation: Evaluation, name: string, values: readonly unknown[] | null): ArmValue {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  return values === null || found === undefined ? null : found(values, evaluation);
}

/** A parameter or variable, whose own expression is worked out in turn. */
function named(
  { scope, budget, depth }: Evaluation,
  values: Readonly<Record<string, unknown>>,
  name: unknown,
): ArmValue {
  const key = Object.keys(values).find((one) => one.toLowerCase() === String(name).toLowerCase());
  const value = key === undefined ? undefined : values[key];
  if (value === undefined) return null;
  return typeof value === 'string' ? armValue(value, scope, budget, depth + 1) : { value };
}

function bounded(text: string): ArmValue {
  return text.length > MOST_CHARACTERS ? null : { value: text };
}

function skip(evaluation: Evaluation): void {
  const space = /\s*/y;
  space.lastIndex = evaluation.at;
  evaluation.at += space.exec(evaluation.text)?.[0].length ?? 0;
}

function take(evaluation: Evaluation, pattern: RegExp): RegExpExecArray | null {
  skip(evaluation);
  pattern.lastIndex = evaluation.at;
  const found = pattern.exec(evaluation.text);
  if (found) evaluation.at += found[0].length;
  return found;
}
