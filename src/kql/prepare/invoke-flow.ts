import type { KqlColumn, KqlNode } from '../ast.ts';
import { DEFENDER_FUNCTIONS } from '../stored-functions.ts';
import { fansBehind } from './fan-out.ts';
import { asSet, type Fan, type Flow, mapLookups, NO_LOOKUP, reaching, throughColumns } from './flow.ts';
import { type MadeColumn, madeColumns } from './made-columns.ts';
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
  const columns = madeColumns(pipe, given);
  const changing = [...lookups.changing, ...columns.map(({ id }) => id)];
  const flow = { ...input, ...lookups, changing, key: throughColumns(input.key, pipe) };
  const fans = fansBehind(operator, input, lookups.fans, { columns, changes: () => true });
  return stored.flow === 'rows' ? { ...flow, fans } : { ...flow, unique: null, fans: [...fans, newFan(columns)] };
}

function newFan(columns: readonly MadeColumn[]): Fan {
  const plain = columns.filter(({ type }) => type !== 'datetime').map(({ id }) => id);
  return { key: null, columns: plain, changing: [] };
}
