import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { nearest, suggest } from './nearest.ts';
import { countOf } from './text.ts';
import type { Path } from './yaml/parse-yaml.ts';

/** One thing that a schema says against a value. */
export interface SchemaProblem {
  readonly path: Path;
  /** Whether the key itself is wrong, and not what it holds. */
  readonly atKey: boolean;
  readonly message: string;
}

/** Made to compile soon: the schemas are ours, and that they are schemas is tested, not checked at each start. */
const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: false,
  validateFormats: false,
  addUsedSchema: false,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
});
const compiled = new WeakMap<object, ValidateFunction>();

/** A function that tells all problems of a value by a JSON Schema 2020-12, which is compiled with the first value. Annotations of ours (`x-path`, `x-hint`) are let pass. */
export function compileSchema(schema: Readonly<Record<string, unknown>>): (value: unknown) => readonly SchemaProblem[] {
  return (value) => problemsOf(validatorOf(schema), value);
}

function validatorOf(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

/** A value with more is told by its first ones. */
const MOST_ERRORS = 1000;

function problemsOf(validate: ValidateFunction, value: unknown): SchemaProblem[] {
  if (validate(withoutBigints(value))) return [];
  const problems = (validate.errors ?? [])
    .slice(0, MOST_ERRORS)
    .map(toProblem)
    .filter((problem) => problem !== null);
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Schemas know numbers only; that an integer is out of range for its use is checked where its exact value is read. */
function withoutBigints(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBigints(item)]));
}

function toProblem(error: ErrorObject): SchemaProblem | null {
  const path = pathOf(error.instancePath);
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const key = String(params.additionalProperty ?? params.unevaluatedProperty);
    const known = Object.keys(recordOf(recordOf(error.parentSchema).properties));
    return { path: [...path, key], atKey: true, message: `Unknown key "${key}".${suggest(key, known)}` };
  }
  if (error.keyword === 'required') {
    return { path, atKey: true, message: `The key "${params.missingProperty}" is missing.` };
  }
  if (error.keyword === 'if') return null;
  return { path, atKey: error.keyword === 'propertyNames', message: `${subject(path)} ${complaint(error, params)}` };
}

function complaint(error: ErrorObject, params: Readonly<Record<string, unknown>>): string {
  const hint = recordOf(error.parentSchema)['x-hint'];
  const told = typeof hint === 'string' ? `: ${hint}` : '';
  switch (error.keyword) {
    case 'enum':
      return `must be one of ${textsOf(params.allowedValues).join(', ')}.${didYouMean(error.data, params.allowedValues)}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}.`;
    case 'type':
      return `must be ${typeNames(params.type)}${told}.`;
    case 'pattern':
    case 'not':
      return `is not in the right form${told}.`;
    case 'uniqueItems':
      return `has one entry twice: entries ${Number(params.j) + 1} and ${Number(params.i) + 1} are the same.`;
    case 'propertyNames':
      return `has the key "${params.propertyName}", which is not in the right form${told}.`;
    default:
      return `${boundText(error.keyword, Number(params.limit)) ?? error.message ?? 'is not valid'}${told}.`;
  }
}

/** What is counted, by the end of a keyword's name. */
const COUNTED: Readonly<Record<string, readonly [string, string]>> = {
  Length: ['character', 'characters'],
  Items: ['entry', 'entries'],
  Properties: ['key', 'keys'],
};

/** `must have at least 2 entries` for minItems, `must be more than 0` for exclusiveMinimum; null for keywords that set no bound. */
function boundText(keyword: string, limit: number): string | null {
  const [, side, counted = ''] = /^(min|max)(Length|Items|Properties)$/.exec(keyword) ?? [];
  if (side === 'min' && limit === 1) return 'must not be empty';
  if (side)
    return `must have at ${side === 'min' ? 'least' : 'most'} ${countOf(limit, ...(COUNTED[counted] ?? ['', '']))}`;
  return BOUNDS[keyword] === undefined ? null : `must be ${BOUNDS[keyword]} ${limit}`;
}

const BOUNDS: Readonly<Record<string, string>> = {
  minimum: 'at least',
  maximum: 'at most',
  exclusiveMinimum: 'more than',
  exclusiveMaximum: 'less than',
};

function subject(path: Path): string {
  const name = path.findLast((step) => typeof step === 'string');
  if (name === undefined) return 'The document';
  return typeof path.at(-1) === 'number' ? `An entry of "${name}"` : `"${name}"`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'empty',
};

function typeNames(types: unknown): string {
  const names = [types].flat().map((type) => TYPE_NAMES[String(type)] ?? String(type));
  return names.join(' or ');
}

function didYouMean(value: unknown, allowed: unknown): string {
  const close = typeof value === 'string' ? nearest(value, textsOf(allowed)) : null;
  return close === null ? '' : ` Did you mean "${close}"?`;
}

function textsOf(values: unknown): string[] {
  return Array.isArray(values) ? [...new Set(values.map(String))] : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** A JSON pointer as keys and indexes. */
function pathOf(pointer: string): (string | number)[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => {
    const text = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\d+$/.test(text) ? Number(text) : text;
  });
}
