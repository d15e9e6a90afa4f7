import { partsOf } from './read-queries.mjs';

/**
 * The distinct queries that bind: no error of the parser or binder against the Defender schema, except what the project's own
 * diagnostics call harmless, and at least one Defender table. `api` holds the compiled modules (see api.mjs).
 */
export async function boundQueries(published, api) {
  const globals = await api.defenderGlobals();
  const tables = new Set(api.defenderTables());
  const bound = new Map();
  const counts = { texts: published.length, repeated: 0, refused: 0, foreign: 0 };
  for (const one of published) {
    for (const { text, tree } of await boundParts(one.text, globals, api)) {
      if (tree === null) counts.refused += 1;
      else if (!usesTable(tree, tables, api)) counts.foreign += 1;
      else {
        const key = tokensOf(tree.root);
        if (bound.has(key)) counts.repeated += 1;
        else bound.set(key, { ...one, text, tree });
      }
    }
  }
  return { queries: [...bound.values()], counts };
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
