import type { KqlNode } from '../kql/ast.ts';
import { analyze } from '../kql/parser/adapter.ts';
import { buildGlobals, type KqlSchema } from '../kql/parser/globals.ts';

/** The declarations of the schema's functions: names and defaults of their parameters. Their bodies come with each call. */
export async function parseStoredFunctions(schema: KqlSchema): Promise<ReadonlyMap<string, KqlNode>> {
  if (schema.functions.length === 0) return new Map();
  const globals = await buildGlobals({ tables: {}, functions: [] });
  const declarations = schema.functions.map((one) => `let ['${one.name}'] = ${one.parameters} { print 1 };`);
  const tree = await analyze(`${declarations.join('\n')}\nprint 1`, globals);
  const statements = tree.root.children.find((child) => child.role === 'Statements')?.children ?? [];
  const found = statements.flatMap((statement) =>
    statement.children.filter((child) => child.kind === 'FunctionDeclaration'),
  );
  return new Map(
    schema.functions.flatMap((one, index) => {
      const declaration = found[index];
      return declaration ? [[one.name, declaration] as const] : [];
    }),
  );
}
