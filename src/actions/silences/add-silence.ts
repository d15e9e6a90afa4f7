import { requireDuration } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { parseInstant } from '../../rules/read/instant.ts';
import { matcherProblem } from '../../run/silences/matcher-problem.ts';
import { defineAction } from '../action.ts';
import type { ActionDeps } from '../action-deps.ts';
import { takes, word, words } from '../schema.ts';
import { SILENCES_DOCUMENT, type SilenceRow, type SilencesOf, serviceTime, silenceRowOf } from './silence-rows.ts';

/** A silence to be, as a person says it. */
export interface NewSilence {
  readonly match: readonly string[];
  readonly reason?: string;
  readonly owner?: string;
  readonly ends?: string;
  readonly for?: string;
  readonly starts?: string;
  readonly id?: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const LONGEST_TEXT = 500;

export const addSilence = defineAction<NewSilence>({
  uuid: 'c2a8f6c4-1e0b-4f9a-9d55-0e4b7a3d8f22',
  slug: 'add_silence',
  name: 'Add a silence',
  description: 'Hides alerts for a time; what was hidden is told in one alert when it ends.',
  scope: 'write',
  command: ['huntwire', 'silence', 'add', '--format', 'json'],
  input: takes(
    {
      match: { ...words('Matchers, such as rule="x"; all must hold.', '--match'), minItems: 1 },
      reason: word('Why nobody need be told.', '--reason'),
      owner: word('Who answers for it.', '--owner'),
      ends: word('When it ends: a day or an instant.', '--ends'),
      for: word('Instead of ends: how long from now.', '--for'),
      starts: word('What happened before is told; where left out, it is hidden, too.', '--starts'),
      id: word('Its name; one is made up where it is left out.', '--id'),
    },
    ['match', 'reason', 'owner'],
  ),
  results: SILENCES_DOCUMENT,
  run: async (input, deps) => ({ silences: [await addOneSilence(input, deps)] }),
});

/**
 * Adds a silence to the state, which a running process heeds at its next decision, and tells how it stands there; a USAGE error says what is
 * missing or wrong, with the names of the caller's door.
 */
export async function addOneSilence(
  given: NewSilence,
  deps: Pick<ActionDeps, 'by' | 'clock' | 'random' | 'config' | 'writing'>,
  nameOf = (name: string): string => name,
): Promise<SilenceRow> {
  return deps.writing(async (store) => {
    const now = await serviceTime(deps.clock, deps.config, store);
    const starts = given.starts === undefined ? null : instantOf(given.starts, nameOf('starts'), now);
    const ends = endOf(given, nameOf, now);
    if (ends <= now || (starts !== null && starts >= ends))
      throw usage(`It would end (${new Date(ends).toISOString()}) before it begins.`);
    const record = {
      id: idOf(given.id ?? madeUpName(deps), deps.config, nameOf),
      match: matchOf(given.match, nameOf('match')),
      owner: textOf(given.owner, nameOf('owner'), 'who answers for it'),
      reason: textOf(given.reason, nameOf('reason'), 'why nobody need be told'),
      ...{ starts, ends, addedAt: now },
    };
    if (!(await store.addSilence(record, { who: deps.by, at: deps.clock.now() })))
      throw usage(
        `There is a silence ${record.id}: choose another ${nameOf('id')}. "huntwire silence list --all" shows them.`,
      );
    return silenceRowOf({ ...record, from: 'state' }, [], now);
  });
}

function matchOf(texts: readonly string[], name: string): readonly string[] {
  if (texts.length === 0)
    throw usage(`Say what it is for with ${name}, such as ${name} 'rule="x"'; it cannot be for everything.`);
  for (const text of texts) {
    const problem = matcherProblem(text);
    if (problem !== null) throw usage(`${name}: ${problem}`);
  }
  return texts;
}

function endOf(given: NewSilence, nameOf: (name: string) => string, now: number): number {
  if ((given.ends === undefined) === (given.for === undefined))
    throw usage(`Say when it ends: exactly one of ${nameOf('ends')} and ${nameOf('for')}.`);
  if (given.for !== undefined) return now + requireDuration(given.for, nameOf('for'));
  return instantOf(given.ends ?? '', nameOf('ends'), now);
}

function instantOf(text: string, what: string, now: number): number {
  if (text === 'now') return now;
  const time = parseInstant(text);
  if (time === null) throw usage(`${what}: "${text}" is no time; write for example 2026-01-31T08:00:00Z.`);
  return time;
}

function madeUpName({ random }: Pick<ActionDeps, 'random'>): string {
  const number = Math.floor(random() * 2 ** 32);
  return `s-${number.toString(16).padStart(8, '0')}`;
}

function idOf(name: string, { silences }: SilencesOf, nameOf: (name: string) => string): string {
  if (!NAME.test(name))
    throw usage(`${nameOf('id')}: "${name}" is no name; write letters, digits, dots, hyphens and underscores.`);
  if (silences.some(({ id, counts }) => id === name && counts === 'silenced'))
    throw usage(`The configuration has a silence ${name}: choose another ${nameOf('id')}.`);
  return name;
}

function textOf(text: string | undefined, option: string, what: string): string {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') throw usage(`Say ${what} with ${option}.`);
  if (trimmed.length > LONGEST_TEXT) throw usage(`${option} has at most ${LONGEST_TEXT} characters.`);
  return trimmed;
}

function usage(message: string): HuntwireError {
  return new HuntwireError('USAGE', message);
}
