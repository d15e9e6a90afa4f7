import { InvalidArgumentError } from 'commander';
import { readTime } from '../actions/read-time.ts';
import type { AuditEntry } from '../state/audit-store.ts';
import { stateDepsOf } from './action/state-deps-of.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { printJson, printLine, printTable } from './terminal/print.ts';
import { timeText } from './terminal/time-text.ts';
import type { World } from './terminal/world.ts';

interface AuditOptions extends CommonOptions {
  readonly since?: string;
  readonly who?: string;
  readonly action?: string;
  readonly limit: number;
}

const MOST = 10_000;

export const audit: Verb = (program, world, done) => {
  withFormat(withConfig(program.command('audit')))
    .option('--since <time>', 'only what came since: ISO time, or a duration back from now')
    .option('--who <name>', 'only what this token, user, signal or files changed')
    .option('--action <slug>', 'only this action, such as add_silence')
    .option('--limit <count>', `the latest so many, at most ${MOST}`, count, 100)
    .action(async (options: AuditOptions) => done(await showAudit(world, options)));
};

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= MOST) return number;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST}.`);
}

async function showAudit(world: World, options: AuditOptions): Promise<number> {
  const { since, who, action, limit, format } = options;
  const from = since === undefined ? undefined : readTime(since, '--since', world.clock.now());
  const query = { limit, ...(who && { who }), ...(action && { action }), ...(from !== undefined && { since: from }) };
  const entries = await stateDepsOf(world, options.config).reading((store) => store.audit(query));
  if (format === 'json') printJson(world, { entries: entries.map(documentOf) });
  else if (entries.length === 0) printLine(world, 'Nobody has changed anything that is kept.');
  else printTable(world, ['AT', 'WHO', 'ACTION', 'SUBJECT', 'BEFORE', 'AFTER'], entries.map(rowOf));
  return EXIT.ok;
}

function documentOf({ at, who, action, subject, before, after }: AuditEntry): object {
  return { at: new Date(at).toISOString(), who, action, subject, before, after };
}

function rowOf({ at, who, action, subject, before, after }: AuditEntry): readonly string[] {
  return [timeText(at), who, action, subject, textOf(before), textOf(after)];
}

function textOf(value: unknown): string {
  return value === null ? '-' : JSON.stringify(value);
}
