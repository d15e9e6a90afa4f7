import { visible } from '../../lib/visible.ts';

/** Colours of ours, and what stands between them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins a colour
const COLOUR = /(\u001b\[(?:\d{1,2}(?:;\d{1,2})?)?m)/;
/** `::error file=x::text` at the beginning of a line, `##[group]`, `##vso[task.x]` and `##teamcity[x]` anywhere in it. */
const GITHUB_COMMAND = /^(\s*):(?=:[A-Za-z][\w-]*(?:[ \t][^\n]*)?::)/gm;
const HASH_COMMAND = /##(?=(?:vso|teamcity)?\[)/g;

/** The last barrier before a terminal: nothing but text, line breaks and colours passes. */
export function guarded(text: string): string {
  return text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : visible(part.replaceAll('\r\n', '\n'))))
    .join('');
}

/** Lines that no build service takes for a command to it, whatever names and texts of others stand in them. */
export function withoutCommands(text: string): string {
  return text.replace(GITHUB_COMMAND, '$1: ').replace(HASH_COMMAND, '# #');
}
