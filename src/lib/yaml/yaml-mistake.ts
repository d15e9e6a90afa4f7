/** What the parser says of a malformed text; offsets into it. */
export interface YamlComplaint {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** The same for a person: what is wrong, where it stands, and what to write. */
export interface YamlMistake {
  readonly offset: number;
  readonly message: string;
}

const TOO_DEEP =
  'This line is indented further than the one above it, which holds a value already: begin both in the same column.';
const NO_LEVEL = 'This line fits no level of indentation above it: begin it in the column of the keys it belongs to.';
const NO_KEY =
  'This line is no "key: value". A text of several lines has "|" behind its key, and all of its lines are indented.';
const NO_ENTRY =
  'This line is neither an entry of the list, which begins with "- ", nor in the column of the entry above.';
const GOES_ON = 'Something follows a value that has ended already: put the whole text in quotes.';

/** One sentence for the first thing that is malformed: what follows in the same document mostly comes of it. */
export function yamlMistake(source: string, complaint: YamlComplaint): YamlMistake {
  const [offset] = complaint.pos;
  switch (complaint.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return keyMistake(source, offset);
    case 'TAB_AS_INDENT':
      return { offset, message: 'YAML takes no tabs for indentation: use spaces.' };
    case 'BAD_SCALAR_START':
      return { offset, message: `A text that begins with "${source[offset] ?? ''}" must be in quotes.` };
    case 'BAD_DQ_ESCAPE':
      return { offset, message: `${escapeAt(source, offset)} Write \\\\ for a backslash, or use single quotes.` };
    case 'TAG_RESOLVE_FAILED':
      return { offset, message: 'Tags ("!name") are not taken: a text that begins with "!" must be in quotes.' };
    default:
      return structureMistake(source, complaint);
  }
}

function structureMistake(source: string, { message, pos: [offset] }: YamlComplaint): YamlMistake {
  const missing = /^Missing closing (['"])/.exec(message)?.[1];
  if (missing) return unclosed(source, missing, offset);
  const closing = /^Flow .* end with a ([}\]])/.exec(message)?.[1];
  if (closing) return { offset, message: `A "${closing}" is missing before this line.` };
  if (/^All (mapping|sequence) items|indented/.test(message)) return { offset, message: NO_LEVEL };
  if (message.startsWith('Sequence item without')) return { offset: textFrom(source, offset), message: NO_ENTRY };
  if (/need to be followed by map values/.test(message)) return { offset: textFrom(source, offset), message: NO_KEY };
  const stray = /^Unexpected flow-(?:map|seq)-end/.test(message) ? source[offset] : undefined;
  if (stray) return { offset, message: `This "${stray}" closes nothing.` };
  if (/at node end$/.test(message)) return { offset, message: templateHint(source, offset) ?? GOES_ON };
  return { offset, message: `The YAML is malformed: ${message}.` };
}

/** A key where none can be: nearly always a line that is indented too far, a colon in a text, or a text without its "|". */
function keyMistake(source: string, offset: number): YamlMistake {
  const line = lineAt(source, offset);
  if (/^(<{7}|={7}|>{7})(\s|$)/.test(line)) return { offset, message: 'A merge conflict was left here: resolve it.' };
  const rest = source.slice(offset).split(/\r?\n/, 1)[0] ?? '';
  if (/:(\s|$)/.test(rest)) return { offset, message: 'The text holds ": ", which begins a map: put it in quotes.' };
  const joined = /^\s*(?:- )?([\w.-]+):\S/.exec(line)?.[1];
  if (joined) return { offset, message: `A space is missing behind "${joined}:".` };
  const next = textFrom(source, endOfLine(source, offset));
  if (indentOf(source, next) > indentOf(source, offset)) return { offset: next, message: TOO_DEEP };
  return { offset: textFrom(source, offset), message: NO_KEY };
}

/** The parser says this at the end of the file; the text begins with the last such quote. */
function unclosed(source: string, quote: string, offset: number): YamlMistake {
  let opening = source.lastIndexOf(quote, offset);
  while (quote === '"' && source[opening - 1] === '\\') opening = source.lastIndexOf(quote, opening - 1);
  return { offset: Math.max(0, opening), message: `The text that begins here has no closing ${quote}.` };
}

function templateHint(source: string, offset: number): string | null {
  const [, start] = /[:,-]\s+(\{\{|\$\{)/.exec(lineAt(source, offset)) ?? [];
  return start ? `A text that begins with "${start}" must be in quotes.` : null;
}

function escapeAt(source: string, offset: number): string {
  return `"${source.slice(offset, offset + 2)}" means nothing within double quotes.`;
}

function lineAt(source: string, offset: number): string {
  return source.slice(startOfLine(source, offset), endOfLine(source, offset));
}

function startOfLine(source: string, offset: number): number {
  return offset === 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
}

function endOfLine(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end;
}

/** The first character that is no blank, from an offset on. */
function textFrom(source: string, offset: number): number {
  const ahead = source.slice(offset).search(/\S/);
  return ahead < 0 ? offset : offset + ahead;
}

function indentOf(source: string, offset: number): number {
  return lineAt(source, offset).search(/\S|$/);
}
