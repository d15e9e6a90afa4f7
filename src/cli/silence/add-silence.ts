import { parseMatcher } from '../../alerts/matchers.ts';
import type { Config } from '../../config/config.ts';
import { requireDuration } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { parseInstant } from '../../rules/read/instant.ts';
import type { Store } from '../../state/store.ts';
import type { CommonOptions } from '../options.ts';
import type { World } from '../terminal/world.ts';
import { type SilenceRow, serviceTime, silenceRowOf } from './silence-rows.ts';

export interface AddOptions extends CommonOptions {
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

/** Adds a silence to the state and tells how it stands there; a USAGE error says what is missing or wrong. */
export async function addSilence(
  world: World,
  config: Config,
  store: Pick<Store, 'cache' | 'addSilence'>,
  options: AddOptions,
): Promise<SilenceRow> {
  const now = await serviceTime(world, config, store);
  const starts = options.starts === undefined ? null : instantOf(options.starts, '--starts', now);
  const ends = endOf(options, now);
  if (ends <= now || (starts !== null && starts >= ends))
    throw usage(`It would end (${new Date(ends).toISOString()}) before it begins.`);
  const record = {
    id: nameOf(options.id ?? madeUpName(world), config),
    match: matchOf(options.match),
    owner: textOf(options.owner, '--owner', 'who answers for it'),
    reason: textOf(options.reason, '--reason', 'why nobody need be told'),
    ...{ starts, ends, addedAt: now },
  };
  if (!(await store.addSilence(record)))
    throw usage(`There is a silence ${record.id}: choose another --id. "huntwire silence list --all" shows them.`);
  return silenceRowOf({ ...record, from: 'state' }, [], now);
}

function matchOf(texts: readonly string[]): readonly string[] {
  if (texts.length === 0)
    throw usage('Say what it is for with --match, such as --match \'rule="x"\'; it cannot be for everything.');
  for (const text of texts) {
    const parsed = parseMatcher(text);
    if (parsed.kind === 'problem') throw usage(`--match: ${parsed.message}`);
  }
  return texts;
}

function endOf(options: AddOptions, now: number): number {
  if ((options.ends === undefined) === (options.for === undefined))
    throw usage('Say when it ends: exactly one of --ends and --for.');
  if (options.for !== undefined) return now + requireDuration(options.for, '--for');
  return instantOf(options.ends ?? '', '--ends', now);
}

function instantOf(text: string, what: string, now: number): number {
  if (text === 'now') return now;
  const time = parseInstant(text);
  if (time === null) throw usage(`${what}: "${text}" is no time; write for example 2026-01-31T08:00:00Z.`);
  return time;
}

function madeUpName({ random }: World): string {
  const number = Math.floor(random() * 2 ** 32);
  return `s-${number.toString(16).padStart(8, '0')}`;
}

function nameOf(name: string, { silences }: Config): string {
  if (!NAME.test(name))
    throw usage(`--id: "${name}" is no name; write letters, digits, dots, hyphens and underscores.`);
  if (silences.some(({ id, counts }) => id === name && counts === 'silenced'))
    throw usage(`The configuration has a silence ${name}: choose another --id.`);
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
