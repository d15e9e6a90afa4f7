import type { KqlNode } from '../ast.ts';
import { DEFENDER_FUNCTIONS } from '../stored-functions.ts';
import { asSet, type Flow, throughColumns } from './flow.ts';
import { calledName } from './nodes.ts';

export interface Invoke {
  readonly pipe: KqlNode;
  readonly call: KqlNode;
  readonly input: Flow;
  /** The flow of the function's body, where the query declares it. */
  readonly body: Flow | null;
}

/** `invoke`: a function of the query is followed with the rows so far as its table; those of the service are known by name. */
export function invokeFlow({ pipe, call, input, body }: Invoke): Flow {
  if (body) return { ...body, key: throughColumns(body.key, pipe) };
  const stored = DEFENDER_FUNCTIONS.find((one) => one.name === calledName(call));
  if (!stored || stored.flow === 'source') {
    return asSet({ ...input, key: null }, `it invokes ${calledName(call)}(), which is not known`);
  }
  return { ...input, key: throughColumns(input.key, pipe), fansOut: input.fansOut || stored.flow === 'fan-out' };
}
