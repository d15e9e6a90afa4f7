import { isWorthKeeping } from '../../kql/prepare-key.ts';
import type { Analyst } from '../../kql/prepared.ts';
import { addedVersion } from '../../kql/schemas/added-tables.ts';
import type { Problem } from '../../lib/errors.ts';
import { firstInFile } from '../../lib/problem-order.ts';
import { type LintSettings, lintAlone, type OwnFindings } from '../lint/lint-rules.ts';
import { makeRunnable } from '../make-runnable.ts';
import { prepareRule } from '../prepare-rules.ts';
import type { Rule } from '../rule.ts';
import type { Keeping } from './kept-reader.ts';
import { fromKeptText, keptText } from './kept-text.ts';

/** What is found of a rule by itself, and what keeps it from running. */
export interface RuleFindings extends OwnFindings {
  readonly problems: readonly Problem[];
}

/** Where findings are kept, and what they depend on beside the rule and what looks at it. */
export interface FindingsKeeping extends Keeping {
  /** A digest of a rule file's text; undefined: it was not read. */
  readonly textOf: (file: string) => string | undefined;
  /** Of all that is laid over rules or joined to them. */
  readonly surroundings: string;
}

export interface LintWork {
  readonly analyst: Pick<Analyst, 'prepare'>;
  readonly settings: LintSettings;
  /** null: everything is looked at anew. */
  readonly keeping: FindingsKeeping | null;
  /** Told after each rule. */
  readonly progress: (done: number) => void;
}

/** Looks at each rule by itself, in their order; the query of one whose findings are kept is not even analyzed. */
export function lintEach(rules: readonly Rule[], work: LintWork): Promise<readonly RuleFindings[]> {
  let done = 0;
  return Promise.all(
    rules.map(async (rule) => {
      const found = await lintOrRecall(rule, work);
      done += 1;
      work.progress(done);
      return found;
    }),
  );
}

async function lintOrRecall(rule: Rule, work: LintWork): Promise<RuleFindings> {
  const { keeping, settings } = work;
  const key = keeping && keyOf(rule, keeping, settings);
  const kept = key === null ? null : await keeping?.cache.get(key);
  if (kept) return { ...(fromKeptText(kept) as Omit<RuleFindings, 'rule'>), rule };
  const { findings, isKeepable } = await lintAnew(rule, work);
  const { rule: _, ...plain } = findings;
  const written = isKeepable ? keptText(plain) : null;
  if (key !== null && written !== null) await keeping?.cache.set(key, written);
  return findings;
}

/** What a check that asks for the time says is true today. */
async function lintAnew(
  read: Rule,
  { analyst, settings }: LintWork,
): Promise<{ readonly findings: RuleFindings; readonly isKeepable: boolean }> {
  const subject = await prepareRule(read, analyst);
  let asksForTime = false;
  const noting: LintSettings = Object.create(settings, {
    now: {
      get: () => {
        asksForTime = true;
        return settings.now;
      },
    },
  });
  const { findings, isRefused } = lintAlone(subject, noting);
  const problems = firstInFile(makeRunnable(subject.rule, subject.prepared).problems);
  const isKeepable = !asksForTime && isWorthKeeping(subject.prepared);
  return { findings: { rule: subject.rule, findings, isRefused, problems }, isKeepable };
}

/** Everything that its findings depend on; null where that cannot be told. */
function keyOf(rule: Rule, keeping: FindingsKeeping, settings: LintSettings): string | null {
  const { map, ...plain } = rule;
  const text = keeping.textOf(map.file);
  const said = keptText(plain);
  if (text === undefined || said === null) return null;
  const { retentionMs, offerOf, purpose = null } = settings;
  const offer = offerOf?.(map.file) ?? null;
  const version = addedVersion();
  const asked = JSON.stringify([retentionMs, offer, purpose, ...(version === '' ? [] : [version])]);
  return `lint:${keeping.digest(keeping.build, keeping.surroundings, map.file, text, said, asked)}`;
}
