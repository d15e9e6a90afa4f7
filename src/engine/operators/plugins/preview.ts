import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import { selectRows } from '../../runtime/table.ts';

/** `preview(n)`: the first rows; its second result, how many there are, is not given. */
export function compilePreview(call: KqlNode, scope: Scope): TableStep {
  const [argument] = argumentsOf(call);
  const count = argument ? scope.compilation.expression(argument, scope).constant : null;
  if (typeof count !== 'number') throw unsupported('preview() without a constant number', call);
  const { budget, warnings } = scope.compilation;
  warnings.push('The query has 2 results; the first one is given.');
  return (input) => {
    const wanted = Math.max(0, Math.min(count, input.rowCount));
    return selectRows(
      input,
      Int32Array.from({ length: wanted }, (_, row) => row),
      budget,
    );
  };
}
