/** Tables of the documentation, as Markdown. */

const MOST_CHOICES = 8;

function table(titles, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`.replaceAll('  |', ' |');
  return `${line(titles)}|${titles.map(() => '---|').join('')}\n${rows.map(line).join('')}`;
}

function refusal(shapes) {
  if (shapes.length === 0) return '';
  return shapes.length === 3 ? ', refused' : `, refused for ${shapes.map((shape) => `${shape}s`).join(' and ')}`;
}

/** A section for each check: what it looks for, why, and how to mend it. */
export function lintSections(checks) {
  const sections = checks.map(({ id, severity, refuses, description, why, mend }) =>
    [
      `### ${id}`,
      `${capital(severity)}${refusal(refuses)}. ${description}`,
      `**Why**: ${why}`,
      `**Mend it**: ${mend}`,
    ].join('\n\n'),
  );
  return `${sections.join('\n\n')}\n`;
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function lintTable(checks) {
  const rows = checks.map(({ id, severity, refuses, description }) => [
    `[\`${id}\`](#${id})`,
    `${severity}${refusal(refuses)}`,
    description,
  ]);
  return table(['check', 'severity', 'looks for'], rows);
}

/** The lines of the mapping, with a column for each format that is written from it. */
export function mappingTable(mapping, formats) {
  const named = ['ocsf', 'ecs', 'cef', 'leef'].filter((name) => formats.has(name));
  const rows = mapping.map((field) => [
    `\`${field.part}.${field.name}\``,
    columnsOf(field),
    ...named.map((name) => placeOf(name, field)),
  ]);
  return table(['what', 'columns', ...named.map((name) => name.toUpperCase())], rows);
}

function columnsOf({ columns = [], process = [], file = [], outbound = [], inbound = [] }) {
  const when = [
    [columns, ''],
    [process, ' of processes'],
    [file, process.length > 0 ? ' of other rows' : ' of rows that tell of no process'],
    [outbound, ''],
    [inbound, ' where it comes in'],
  ];
  const said = when.filter(([names]) => names.length > 0).map(([names, text]) => `${codes(names)}${text}`);
  return said.length > 0 ? said.join('; ') : '–';
}

function placeOf(name, field) {
  const place = field[name];
  const ofFiles = name === 'ecs' && field.ecsOfFiles ? `${codes([field.ecsOfFiles])} of other rows` : '';
  if (place === null) return ofFiles || '–';
  if (place === 'header') return 'header';
  const hash = /^(.*\.hashes)\.(sha256|sha1|md5)$/.exec(name === 'ocsf' ? place : '');
  if (hash) return `${codes([`${hash[1]}[]`])} (${hash[2].replace('sha', 'SHA-').replace('md5', 'MD5')})`;
  const [key, label] = place.split(':');
  return label ? `\`${key}\` (${label})` : [codes([key]), ofFiles].filter(Boolean).join(', ');
}

function codes(names) {
  return names.map((name) => `\`${name}\``).join(', ');
}

export function actionTable(actions) {
  const rows = [...actions.values()].map(({ slug, scope, description, input }) => [
    `\`${slug}\``,
    `\`${scope}\``,
    Object.keys(input.properties)
      .map((name) => `\`${name}\`${input.required.includes(name) ? '*' : ''}`)
      .join(', ') || '–',
    description,
  ]);
  return table(['action', 'scope', 'takes (* always)', 'does'], rows);
}

export function formatTable(formats) {
  const rows = [...formats.values()].map(({ name, description }) => [`\`${name}\``, description]);
  return table(['format', 'what'], rows);
}

export function presetTable(presets) {
  const rows = [...presets.values()].map(({ name, description, severities }) => [
    `[\`${name}\`](targets/${name}.md)`,
    description,
    [...new Set(Object.values(severities))].map((word) => `\`${word}\``).join(', '),
  ]);
  return table(['target', 'what', 'severities, rising'], rows);
}

/** `pages` tells the text of a target's page, which says what a delivery means. */
export function targetTable(targets, pages) {
  const rows = [...targets].map(([type, { configSchema }]) => {
    const [, meaning = ''] = /\*\*Delivered\*\* means (?:that )?([\s\S]*?)\n\n/.exec(pages(type)) ?? [];
    const text = meaning.replaceAll('\n', ' ').replaceAll('](#', `](targets/${type}.md#`);
    return [`[\`${type}\`](targets/${type}.md)`, String(configSchema.description), text];
  });
  return table(['type', 'does', 'delivered means'], rows);
}

/** The settings of a plugin, nested ones with dots. The `type` is left out, and `tls` is described once for all. */
export function keyTable(schema) {
  return table(['key', 'default', 'meaning'], keyRows(schema, ''));
}

function keyRows({ properties = {}, required = [] }, above) {
  return Object.entries(properties).flatMap(([key, setting]) => {
    const name = `${above}${key}`;
    if (setting.const !== undefined) return [];
    if (key === 'tls') return [[`\`${name}\``, '–', 'See [tls](../targets.md#tls).']];
    if (key === 'format') return [[`\`${name}\``, `\`${setting.default}\``, 'See [formats](../alerts.md#formats).']];
    if (setting.properties) return keyRows({ ...setting, required: setting.required ?? [] }, `${name}.`);
    return [
      [`\`${name}\``, fallback(key, setting, required, above), [setting.description, limits(setting)].join(' ').trim()],
    ];
  });
}

function fallback(key, setting, required, above) {
  if (setting.default !== undefined) return `\`${setting.default}\``;
  return above === '' && required.includes(key) ? 'required' : '–';
}

function limits(setting) {
  if (Array.isArray(setting.enum)) return `${choices(setting.enum)}.`;
  const { minimum, maximum, minItems, maxItems } = setting;
  if (minItems !== undefined && maxItems !== undefined) return `${minItems} to ${maxItems} of them.`;
  if (minimum !== undefined && maximum !== undefined) return `${count(minimum)} to ${count(maximum)}.`;
  return maximum === undefined ? '' : `At most ${count(maximum)}.`;
}

function choices(values) {
  const named = [...new Set(values.map((value) => `\`${value}\``))];
  return (named.length > MOST_CHOICES ? [...named.slice(0, 5), '…', named.at(-1)] : named).join(', ');
}

function count(value) {
  return value.toLocaleString('en-US');
}
