import type { KqlColumn, KqlNode } from '../ast.ts';
import { DEFENDER_FUNCTIONS } from '../stored-functions.ts';
import { fansBehind } from './fan-out.ts';
import { asSet, type Fan, type Flow, mapLookups, NO_LOOKUP, reaching, throughColumns } from './flow.ts';
import { calledName } from './nodes.ts';

export interface Invoke {
  readonly pipe: KqlNode;
  readonly operator: KqlNode;
  /** Columns of the rows so far. */
  readonly given: readonly KqlColumn[];
  readonly call: KqlNode;
  readonly input: Flow;
  /** The flow of the function's body, where the query declares it. */
  readonly body: Flow | null;
}

/** `invoke`: a function of the query is followed with the rows so far as its table; those of the service are known by name. */
export function invokeFlow({ pipe, operator, given, call, input, body }: Invoke): Flow {
  if (body) return { ...body, ...mapLookups(body, reaching(pipe)), key: throughColumns(body.key, pipe) };
  const stored = DEFENDER_FUNCTIONS.find((one) => one.name === calledName(call));
  if (!stored || stored.flow === 'source') {
    return asSet({ ...input, ...NO_LOOKUP, key: null }, `it invokes ${calledName(call)}(), which is not known`);
  }
  const lookups = mapLookups(input, reaching(pipe));
  const flow = { ...input, ...lookups, key: throughColumns(input.key, pipe) };
  const fans = fansBehind(operator, input, lookups.fans, given);
  return stored.flow === 'rows'
    ? { ...flow, fans }
    : { ...flow, unique: null, fans: [...fans, newColumns(pipe, given)] };
}

function newColumns(pipe: KqlNode, given: readonly KqlColumn[]): Fan {
  const before = new Set(given.map((column) => column.id));
  const made = (pipe.columns ?? []).filter((column) => !before.has(column.id) && column.type !== 'datetime');
  return { key: null, columns: made.map((column) => column.id) };
}
