import { manifestActions } from './actions.mjs';
import { hostFiles } from './hosts.mjs';
import {
  actionTable,
  formatTable,
  keyTable,
  lintSections,
  lintTable,
  mappingTable,
  presetTable,
  targetTable,
} from './tables.mjs';

/** Every generated file by its path, with what it has to hold. `read` gives what a file holds now; JSON is not formatted yet. */
export function generatedFiles(parts, read) {
  const { targets, lintChecks } = parts;
  const schema = parts.documentSchema(parts);
  const made = manifest(parts, schema, JSON.parse(read('manifest.json')));
  const page = (type) => read(pageOf(type));
  return new Map([
    ['schemas/config.schema.json', JSON.stringify(schema, null, 2)],
    ...ruleDocuments(parts, JSON.parse(read('schemas/rule.schema.json'))),
    ['manifest.json', JSON.stringify(made)],
    ...hostFiles(parts, made),
    ['docs/soar.md', filled(read('docs/soar.md'), 'actions', actionTable(parts.actions))],
    ['docs/kql-support.md', parts.supportPage(parts.supportOf())],
    ['docs/lint.md', lintPage(read('docs/lint.md'), lintChecks)],
    ['docs/alerts.md', alertPage(read('docs/alerts.md'), parts)],
    ['docs/targets.md', filled(read('docs/targets.md'), 'targets', targetTable(targets, page))],
    ...[...targets].map(([type, { configSchema }]) => [
      pageOf(type),
      filled(page(type), 'keys', keyTable(configSchema)),
    ]),
  ]);
}

function lintPage(page, checks) {
  return filled(filled(page, 'lint checks', lintTable(checks)), 'lint sections', lintSections(checks));
}

function alertPage(page, { formats, presets, mapping }) {
  const withFormats = filled(page, 'formats', formatTable(formats));
  return filled(filled(withFormats, 'presets', presetTable(presets)), 'mapping', mappingTable(mapping, formats));
}

/** What is made of the schema of rules, for the files that lie beside them. */
function ruleDocuments(parts, ruleSchema) {
  const made = { overlay: parts.overlaySchemaOf, defaults: parts.defaultsSchemaOf, test: parts.testFileSchemaOf };
  return Object.entries(made).map(([name, schemaOf]) => [
    `schemas/${name}.schema.json`,
    JSON.stringify(schemaOf(ruleSchema), null, 2),
  ]);
}

function pageOf(type) {
  return `docs/targets/${type}.md`;
}

function manifest({ actions, hostSchema, carriedFormats, sources, targets, formats, presets }, schema, now) {
  const { schema: form, secrets } = hostSchema(schema);
  const outputs = [...targets].map(([type, { configSchema }]) => ({
    type,
    formats: presets.has(type) ? [type] : carriedFormats(configSchema, formats),
  }));
  return {
    ...now,
    configuration: { ...form, secrets },
    actions: manifestActions(actions, now.actions),
    sources: [...sources.keys()],
    outputs,
  };
}

/** The page with `text` between its marks. */
function filled(page, name, text) {
  const [begin, end] = [`<!-- ${name}: written by scripts/generate.mjs -->\n`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`A page has no place for "${name}": "${begin.trim()}" and "${end}" are missing.`);
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`;
}
