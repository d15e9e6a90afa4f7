import { HuntwireError } from '../../lib/errors.ts';
import type { KqlTree } from '../ast.ts';
import { convertDiagnostics } from './convert-diagnostics.ts';
import { plainType } from './convert-symbols.ts';
import { type Conversion, convertNode, createConversion, tooLarge } from './convert-tree.ts';
import { withoutDocumentedSizes } from './documented-sizes.ts';
import { type Foreign, type ForeignSyntax, member } from './foreign.ts';
import { loadKusto } from './runtime.ts';

/**
 * What knows the parser's objects, with convert-diagnostics.ts: text in, frozen plain tree out (see ../ast.ts).
 * `globals` comes from globals.ts. Throws KQL_BUDGET for a text that is nested too deep or expands too far, and KQL_SYNTAX for one on
 * which the parser itself fails.
 */
export async function analyze(text: string, globals: Foreign): Promise<KqlTree> {
  const { language } = await loadKusto();
  try {
    return convertTree(language, text, globals);
  } catch (error) {
    if (error instanceof RangeError || isStackOverflow(error)) throw tooLarge('it is nested too deep', error);
    throw error;
  }
}

function convertTree(language: Foreign, text: string, globals: Foreign): KqlTree {
  const code = bind(language, text, globals);
  const conversion = createConversion(language);
  const result = member(code, 'ResultType') ?? null;
  const { columns } = result ? plainType(conversion.symbols, result) : { columns: null };
  const root = convertNode(conversion, member(code, 'Syntax') as unknown as ForeignSyntax, '');
  return Object.freeze({
    text,
    root,
    diagnostics: isFaultless(code, conversion) ? [] : withoutDocumentedSizes(convertDiagnostics(code), root),
    columns,
    open: columns !== null && result !== null && Boolean(member(result, 'IsOpen')),
  });
}

/** Whether nothing is complained of, so that the parser need not look for complaints in every part once more. */
function isFaultless(code: Foreign, { isNoted }: Conversion): boolean {
  const { Syntax: syntax, HasSemantics: isBound } = code as unknown as Record<string, unknown>;
  const { ContainsSyntaxDiagnostics: isBroken } = syntax as Record<string, unknown>;
  return !isNoted && isBound === true && isBroken === false;
}

/** The binder stumbles over some texts, such as a graph of an unknown function: a TypeError of its own. */
function bind(language: Foreign, text: string, globals: Foreign): Foreign {
  try {
    return member(language, 'KustoCode').ParseAndAnalyze?.(text, globals) as Foreign;
  } catch (error) {
    if (!String(error).startsWith('TypeError')) throw error;
    throw new HuntwireError('KQL_SYNTAX', "The query cannot be analyzed: Microsoft's parser fails on it.", {
      cause: error,
    });
  }
}

/** The parser may run in another realm, where RangeError is another class. */
function isStackOverflow(error: unknown): boolean {
  return String(error).includes('Maximum call stack size exceeded');
}
