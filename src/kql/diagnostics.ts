import { childOf, type KqlDiagnostic, type KqlNode, type KqlTree, walk } from './ast.ts';
import { columnsOfTable, defenderTables } from './defender.ts';
import { type Misspelt, misspeltName } from './misspelt.ts';
import { calledName, nameText, parentsOf } from './prepare/nodes.ts';
import type { QueryFinding } from './prepared.ts';
import { RENAMED } from './renamed.ts';
import { DEFENDER_FUNCTIONS } from './stored-functions.ts';
import { ownMistakes, syntaxHint } from './syntax-mistakes.ts';
import { WORKSPACE_TABLES } from './workspace/workspace-tables.ts';

/** The parser did not look at names and types at all, because the text is nested too deep. */
const NOT_ANALYZED = 'KS245';
const MISSING_PLACEHOLDER = 'KS213';
const UNKNOWN_NAME = 'KS142';

/**
 * The parser's diagnostics as findings: malformed text is an error, what does not fit the known schema a warning, since a tenant
 * may have tables that we do not know. What the service accepts although the binder does not is told as information.
 */
export function findingsOf(tree: KqlTree): readonly QueryFinding[] {
  const mistakes = withoutEchoes(ownMistakes(tree.text, tree.diagnostics));
  if (mistakes.length === 0) return [];
  const parents = parentsOf(tree.root);
  const nodes = nodesByPlace(tree.root);
  const isUntold = hasUntoldTimes(tree.root);
  return mistakes.map((diagnostic) => {
    const node = nodes.get(`${diagnostic.start}:${diagnostic.end}`) ?? null;
    const finding = toFinding(tree.text, diagnostic, node, parents);
    const isDoubtful = isUntold && finding.severity === 'warning' && isAboutSpan(diagnostic, node, parents);
    return isDoubtful ? Object.freeze({ ...finding, severity: 'info' as const }) : finding;
  });
}

/** Of a time whose type is not known, the binder takes `Time + 5h` for a span, and what is made of it for a mistake. */
function hasUntoldTimes(root: KqlNode): boolean {
  for (const { kind, type, children } of walk(root)) {
    const isSum = kind === 'AddExpression' || kind === 'SubtractExpression';
    if (isSum && type === 'timespan' && children.some((child) => child.type === 'unknown')) return true;
  }
  return false;
}

const OPERATOR_TYPES = 'KS106';
const ARGUMENT_TYPE = 'KS107';

function isAboutSpan({ code }: KqlDiagnostic, node: KqlNode | null, parents: ReadonlyMap<KqlNode, KqlNode>): boolean {
  if (!node || (code !== OPERATOR_TYPES && code !== ARGUMENT_TYPE)) return false;
  const sides = code === ARGUMENT_TYPE ? [...walk(node)] : (parents.get(node)?.children ?? []);
  return sides.some(({ type, end }) => type === 'timespan' && (code !== ARGUMENT_TYPE || end === node.end));
}

/** Of a name that nobody knows the binder also says that it has no type: that is the same mistake. */
function withoutEchoes(diagnostics: readonly KqlDiagnostic[]): readonly KqlDiagnostic[] {
  const place = ({ start, end }: KqlDiagnostic): string => `${start}:${end}`;
  const unknown = new Set(diagnostics.filter(({ code }) => code === UNKNOWN_NAME).map(place));
  return diagnostics.filter((one) => one.code === UNKNOWN_NAME || !unknown.has(place(one)));
}

function nodesByPlace(root: KqlNode): ReadonlyMap<string, KqlNode> {
  const places = new Map<string, KqlNode>();
  for (const node of walk(root)) {
    const place = `${node.start}:${node.end}`;
    if (!places.has(place)) places.set(place, node);
  }
  return places;
}

function toFinding(
  text: string,
  diagnostic: KqlDiagnostic,
  node: KqlNode | null,
  parents: ReadonlyMap<KqlNode, KqlNode>,
): QueryFinding {
  const { code, start, end } = diagnostic;
  const severity = severityOf(diagnostic, node, parents);
  const inside = node && code === UNKNOWN_NAME ? insideOfText(node, parents) : null;
  const misspelt = node && severity === 'warning' && !inside ? misspeltName(diagnostic, node, parents) : null;
  const hint = inside?.hint ?? syntaxHint(text, diagnostic) ?? hintFor(diagnostic, node, misspelt);
  const message = inside?.message ?? diagnostic.message;
  const renamed = severity === 'warning' && node ? RENAMED.get(nameText(node)) : undefined;
  const meant = renamed?.name ?? misspelt?.meant;
  const sure = misspelt?.sure === true && !renamed;
  return Object.freeze({
    code,
    severity,
    start,
    end,
    message,
    hint,
    ...(sure && { sure: true as const }),
    ...(meant !== undefined && { meant }),
  });
}

function severityOf(
  diagnostic: KqlDiagnostic,
  node: KqlNode | null,
  parents: ReadonlyMap<KqlNode, KqlNode>,
): QueryFinding['severity'] {
  const fatal = diagnostic.syntax || diagnostic.code === NOT_ANALYZED || diagnostic.code === MISSING_PLACEHOLDER;
  if (fatal) return diagnostic.severity === 'error' ? 'error' : 'warning';
  if (isMissingPart(diagnostic)) return 'error';
  return diagnostic.severity === 'error' && !isStricter(diagnostic, node, parents) ? 'warning' : 'info';
}

/** The binder, too, finds parts that the grammar let pass as missing. */
function isMissingPart(diagnostic: KqlDiagnostic): boolean {
  return diagnostic.code === 'KS006' && diagnostic.severity === 'error';
}

/** Calls that the service runs although the binder finds fault with them: called name and code. */
const STRICTER: ReadonlySet<string> = new Set([
  'count:KS107',
  'not:KS107',
  'make_timespan:KS134',
  'schema_merge:KS124',
  'bag_unpack:KS107',
  'todynamic:KS107',
]);

function isStricter(diagnostic: KqlDiagnostic, node: KqlNode | null, parents: ReadonlyMap<KqlNode, KqlNode>): boolean {
  if (!node) return false;
  if (diagnostic.code === UNKNOWN_NAME && isInOpenFunction(node, parents)) return true;
  const call = callAround(node, parents);
  if (!call) return false;
  const name = calledName(call);
  if (STRICTER.has(`${name}:${diagnostic.code}`)) return true;
  return diagnostic.code === UNKNOWN_NAME && isBareColumn(node, call, parents);
}

function callAround(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): KqlNode | null {
  for (let scope: KqlNode | undefined = node, steps = 0; scope && steps < 4; scope = parents.get(scope), steps += 1) {
    if (scope.kind === 'FunctionCallExpression') return scope;
  }
  return null;
}

/** In a function over any table, `(T:(*))`, columns are known only where it is called. */
function isInOpenFunction(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): boolean {
  for (let scope = parents.get(node); scope; scope = parents.get(scope)) {
    const parameters = scope.kind === 'FunctionDeclaration' ? childOf(scope, 'Parameters') : null;
    if (!parameters) continue;
    for (const part of walk(parameters)) if (part.kind === 'StarExpression') return true;
  }
  return false;
}

/** `invoke FileProfile(SHA1)`: the service takes the bare name of a column of the rows so far. */
function isBareColumn(node: KqlNode, call: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): boolean {
  const stored = DEFENDER_FUNCTIONS.some((one) => one.name === calledName(call));
  const operator = parents.get(call);
  const pipe = operator ? parents.get(operator) : undefined;
  if (!stored || operator?.kind !== 'InvokeOperator' || !pipe) return false;
  const input = pipe.children.find((child) => child.role === 'Expression');
  return input?.columns?.some((column) => column.name === nameText(node)) ?? false;
}

/** `AdditionalFields.PipeName`, where the column is a text that holds JSON: the name is none of a column. */
function insideOfText(
  node: KqlNode,
  parents: ReadonlyMap<KqlNode, KqlNode>,
): { readonly message: string; readonly hint: string } | null {
  const path = parents.get(node);
  const whole = path?.kind === 'PathExpression' ? childOf(path, 'Expression') : null;
  if (!whole || whole === node || whole.type !== 'string') return null;
  const [name, column] = [nameText(node), nameText(whole) || 'Column'];
  return {
    message: `What "${name}" is taken from is a text, which has nothing in it until it is parsed.`,
    hint: `Write parse_json(${column}).${name}.`,
  };
}

/** What to do about it, where we know. */
function hintFor(diagnostic: KqlDiagnostic, node: KqlNode | null, misspelt: Misspelt | null): string | null {
  if (diagnostic.code === NOT_ANALYZED) return 'Split the query with `let`, or use `in (...)` for long lists of `or`.';
  const name = node ? nameText(node) : '';
  if (diagnostic.syntax || name === '') return null;
  if (name === 'TimeGenerated') return "TimeGenerated is Sentinel's name; Defender's is Timestamp.";
  const renamed = RENAMED.get(name);
  if (renamed)
    return renamed.since
      ? `It has been called ${renamed.name} since ${renamed.since}.`
      : `It is now called ${renamed.name}.`;
  return unknownHint(diagnostic, name, misspelt);
}

function unknownHint({ code }: KqlDiagnostic, name: string, misspelt: Misspelt | null): string | null {
  const meant = misspelt && `Did you mean "${misspelt.meant}"?`;
  const taken = code === 'KS204' ? takenFor(name) : null;
  if (taken !== null && WORKSPACE_TABLES.has(name)) return taken;
  return nearTable(name) ?? (meant && taken && !misspelt?.sure ? `${meant} ${taken}` : (meant ?? taken));
}

/** Parsers of Sentinel's information model are functions, and stand where tables do. */
const PARSER = /^(?:_Im_\w+|_ASim_\w+|ASim[A-Z]\w+|v?im[A-Z]\w+)$/;

function takenFor(name: string): string {
  return PARSER.test(name)
    ? 'It is a parser of a Sentinel workspace: name its file in "functions" of the configuration, or write the tables that it stands for.'
    : 'It is taken for a table that your tenant has.';
}

function nearTable(name: string): string | null {
  if (columnsOfTable(name)) return null;
  const lower = name.toLowerCase();
  const table = defenderTables().find((one) => one.toLowerCase() === lower);
  return table ? `Names are case sensitive: ${table}.` : null;
}
