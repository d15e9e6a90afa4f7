import { parseDuration } from '../../lib/duration.ts';
import type { Problem } from '../../lib/errors.ts';
import type { Path, Place, YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import { parseInstant } from './instant.ts';

/** One rule document being read. Readers report what is wrong and give what they can; a problem anywhere refuses the rule. */
export interface Reading {
  readonly document: YamlDocument;
  readonly problems: Problem[];
}

/** Reports a problem at the value of `path`. */
export function report(reading: Reading, path: Path, message: string): void {
  reportAt(reading, reading.document.valuePlace(path), message);
}

export function reportAt(reading: Reading, place: Place, message: string): void {
  const { line, column } = place;
  reading.problems.push({ file: reading.document.file, line, column, code: 'RULE_INVALID', message });
}

const LONGEST_MS = 366 * 86_400_000;

/** A duration of at least `leastMs`, in ms; null where the key is absent. */
export function readDuration(reading: Reading, path: Path, text: string | undefined, leastMs: number): number | null {
  if (text === undefined) return null;
  const ms = parseDuration(text) ?? 0;
  const name = path.at(-1);
  if (ms < leastMs) report(reading, path, `"${name}" is ${text}, which is too short: the least is ${leastMs} ms.`);
  if (ms > LONGEST_MS) report(reading, path, `"${name}" is ${text}, which is too long: the most is 366d.`);
  return ms;
}

/** A day (its start in UTC) or an instant with its zone as epoch ms; NaN and a problem where it is neither, or no day of the calendar. */
export function readInstant(reading: Reading, path: Path, text: string): number {
  const instant = parseInstant(text) ?? Number.NaN;
  if (Number.isNaN(instant)) {
    report(
      reading,
      path,
      `"${text}" is no date: write a day such as 2027-03-01 or an instant such as 2027-03-01T08:00:00Z.`,
    );
  }
  return instant;
}
