import { foldWords, shownWidth } from './fold.ts';
import { dim, oneLine, type Tint, tint, widthOf } from './print.ts';
import { shortPaths } from './short-paths.ts';
import type { Terminal, World } from './world.ts';

/** Something at a place of a file. */
export interface Finding {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly severity: 'error' | 'warning' | 'info' | null;
  readonly message: string;
  readonly suggestion: string | null;
  /** What found it; null where that says nothing new. */
  readonly check: string | null;
  /** Lines that show the place; left out: none. */
  readonly frame?: readonly string[];
}

const TINTS: Readonly<Record<string, Tint>> = { error: 'red', warning: 'yellow', info: 'dim' };
const SEVERITY_WIDTH = 'warning'.length;

/** Each file once, its findings below it in the order of their places, folded to the terminal's width. */
export function printByFile(world: World, terminal: Terminal, findings: readonly Finding[]): void {
  const files = new Map<string | null, Finding[]>();
  for (const finding of findings) files.set(finding.file, [...(files.get(finding.file) ?? []), finding]);
  for (const [file, found] of files) {
    if (file !== null) terminal.write(`${tint(world, 'bold', shortPaths(world.cwd, oneLine(file)))}\n`);
    for (const line of linesOf(world, terminal, [...found].sort(byPlace))) terminal.write(`${line}\n`);
  }
}

function linesOf(world: World, terminal: Terminal, findings: readonly Finding[]): readonly string[] {
  const places = findings.map(placeOf);
  const placeWidth = Math.max(...places.map((place) => place.length));
  const withSeverity = findings.some((finding) => finding.severity !== null);
  const indent = 2 + placeWidth + (placeWidth > 0 ? 2 : 0) + (withSeverity ? SEVERITY_WIDTH + 2 : 0);
  const room = widthOf(terminal) - indent;
  return findings.flatMap((finding, index) => {
    const place = (places[index] ?? '').padStart(placeWidth) + (placeWidth > 0 ? '  ' : '');
    const severity = withSeverity ? `${severityText(world, finding.severity)}  ` : '';
    const [first = '', ...rest] = textLines(world, finding, room);
    const frame = (finding.frame ?? []).map((line) => dim(world, line));
    return [`  ${place}${severity}${first}`, ...[...rest, ...frame].map((line) => ' '.repeat(indent) + line)];
  });
}

function textLines(world: World, { message, check, suggestion }: Finding, room: number): readonly string[] {
  const told = foldWords(shortPaths(world.cwd, oneLine(message)), room);
  const last = told.at(-1) ?? '';
  const mark = check === null ? '' : `[${check}]`;
  const fits = shownWidth(last) + 1 + mark.length <= room;
  const marked = fits ? [...told.slice(0, -1), `${last} ${dim(world, mark)}`.trimEnd()] : [...told, dim(world, mark)];
  return [...marked, ...(suggestion ? foldWords(oneLine(suggestion), room) : [])];
}

function severityText(world: World, severity: Finding['severity']): string {
  const text = (severity ?? '').padEnd(SEVERITY_WIDTH);
  return severity === null ? text : tint(world, TINTS[severity] ?? 'dim', text);
}

function placeOf({ line, column }: Finding): string {
  return [line, column].filter((part) => part !== null).join(':');
}

function byPlace(left: Finding, right: Finding): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);
}
