import { createHash } from 'node:crypto';
import { partsOf } from './read-queries.mjs';

/**
 * The distinct queries that bind, one by one: no error of the parser or binder against the Defender schema, except what the project's
 * own diagnostics call harmless, and at least one Defender table. `api` holds the compiled modules (see api.mjs); `counts` tells what
 * became of the other texts.
 */
export async function* boundQueries(published, api, counts) {
  const globals = await api.defenderGlobals();
  const tables = new Set(api.defenderTables());
  const seen = new Set();
  for (const one of published) {
    counts.texts += 1;
    for (const { text, tree } of await boundParts(one.text, globals, api)) {
      const verdict = verdictOf(tree, tables, seen, api);
      counts[verdict] += 1;
      if (verdict === 'bound') yield { ...one, text, tree };
    }
  }
}

export function noCounts() {
  return { texts: 0, bound: 0, repeated: 0, refused: 0, foreign: 0 };
}

function verdictOf(tree, tables, seen, api) {
  if (tree === null) return 'refused';
  if (!usesTable(tree, tables, api)) return 'foreign';
  const key = createHash('sha256').update(tokensOf(tree.root)).digest('base64');
  if (seen.has(key)) return 'repeated';
  seen.add(key);
  return 'bound';
}

/** The text as one query; where that does not parse, its parts between empty lines. */
async function boundParts(text, globals, api) {
  const whole = await bind(text, globals, api);
  const parts = whole === 'malformed' ? partsOf(text) : [];
  if (parts.length < 2) return [{ text, tree: typeof whole === 'string' ? null : whole }];
  const results = [];
  for (const part of parts) {
    const tree = await bind(part, globals, api);
    results.push({ text: part, tree: typeof tree === 'string' ? null : tree });
  }
  return results;
}

async function bind(text, globals, api) {
  let tree;
  try {
    tree = await api.analyze(text, globals);
  } catch {
    return 'faulty';
  }
  if (tree.diagnostics.some((one) => one.syntax && one.severity === 'error')) return 'malformed';
  if (tree.columns === null && !tree.open) return 'faulty';
  const findings = api.findingsOf(tree);
  const faulty = tree.diagnostics.some((one, at) => one.severity === 'error' && findings[at].severity !== 'info');
  return faulty ? 'faulty' : tree;
}

function usesTable(tree, tables, api) {
  for (const node of api.walk(tree.root)) {
    if (node.reference?.kind === 'table' && tables.has(node.reference.name)) return true;
  }
  return false;
}

/** The tokens without comments and white space: what makes two texts one query. */
function tokensOf(node) {
  if (node.text) return `${node.text} `;
  return node.children.map(tokensOf).join('');
}
