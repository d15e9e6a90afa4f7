import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A query text as a rule set publishes it. `set` is the folder below the root, `file` the path below that. */
/** @typedef {{ set: string, file: string, text: string }} Published */

/** Every text below `root` that may be a query: `query:` of YAML files, fenced blocks of markdown, whole KQL and text files. */
export function readQueries(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
  return paths.flatMap((path) => {
    const [set = '', ...rest] = path.split('/');
    const read = READERS[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
    if (!read) return [];
    const text = readFileSync(join(root, path), 'utf8').replace(/^\uFEFF/, '');
    return read(text).map((query) => ({ set, file: rest.join('/'), text: query }));
  });
}

const READERS = { md: fromMarkdown, yaml: fromYaml, yml: fromYaml, kql: fromText, csl: fromText, txt: fromText };

function fromMarkdown(text) {
  const blocks = text.matchAll(/^[ \t]*(```+|~~~+)[^\n`]*\n([\s\S]*?)^[ \t]*\1/gm);
  return [...blocks].flatMap(([, , body]) => fromText(body));
}

function fromYaml(text) {
  return parseAllDocuments(text, { strict: false, logLevel: 'silent' }).flatMap((document) => {
    try {
      return queriesIn(document.toJS({ maxAliasCount: 100 }));
    } catch {
      return [];
    }
  });
}

function queriesIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key.toLowerCase() === 'query' && typeof child === 'string' ? [child] : queriesIn(child),
  );
}

function fromText(text) {
  return text.trim() === '' ? [] : [text];
}

/** Queries that one text holds one after another, with empty lines between them. */
export function partsOf(text) {
  const parts = [];
  for (const part of text.split(/\r?\n[ \t]*\r?\n/)) {
    const head = part.replace(/^(\s|\/\/[^\n]*(\n|$))+/, '');
    const last = parts.at(-1);
    const continues = head.startsWith('|') || head === '' || (last && !endsQuery(last));
    if (last !== undefined && continues) parts[parts.length - 1] = `${last}\n\n${part}`;
    else parts.push(part);
  }
  return parts;
}

/** A text that ends in a semicolon, comma or open bracket goes on behind the empty line. */
function endsQuery(text) {
  return !/[;,([|]\s*$/.test(text.replace(/\/\/[^\n]*/g, ''));
}
