import { HuntwireError } from '../lib/errors.ts';
import { compileSchema } from '../lib/schema-problems.ts';
import type { InputSchema } from './schema.ts';

/** Throws USAGE with every problem of what somebody gave to what is called `name`. */
export function checkInput(name: string, input: InputSchema, given: unknown): void {
  const found = compileSchema(input)(given);
  if (found.length === 0) return;
  const problems = found.map(({ path, message }) => {
    const place = path.join('.');
    const text = place === '' ? message : `${place}: ${message}`;
    return { file: null, line: null, column: null, code: 'USAGE', message: text };
  });
  const all = problems.map(({ message }) => message).join('; ');
  throw new HuntwireError('USAGE', `The input of ${name} is wrong: ${all}`, { problems });
}
