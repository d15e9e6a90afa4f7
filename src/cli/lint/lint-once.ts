import type { Hand } from '../../kql/hands/hand.ts';
import { holdNodes } from '../../lib/yaml/parse-yaml.ts';
import { createKeptReader, type Keeping } from '../../rules/kept/kept-reader.ts';
import { lintEach } from '../../rules/kept/lint-set.ts';
import { filesOfRule, toldFindings } from '../../rules/kept/told-findings.ts';
import type { LintPurpose } from '../../rules/lint/check.ts';
import { joinFindings, type LintSettings } from '../../rules/lint/lint-rules.ts';
import { type LoadedRules, loadRules } from '../../rules/load-rules.ts';
import { createAheadReader } from '../../rules/read-ahead.ts';
import type { RuleIo } from '../../rules/rule-files.ts';
import { DEFAULT_RETENTION_MS } from '../../rules/shape.ts';
import { ANALYZING, openAnalyst, type SetAnalyst } from '../rule-set.ts';
import { startProgress } from '../terminal/progress.ts';
import type { World } from '../terminal/world.ts';
import { countsOf, type LintGate, reasonToFail } from './lint-gate.ts';
import type { LintReport } from './lint-report.ts';
import type { LintScope } from './lint-scope.ts';
import { recordReads } from './record-reads.ts';

export interface LintOrder {
  readonly scope: LintScope;
  readonly gate: LintGate;
  /** Whether findings of a file are wanted; null: of all. Rules of other files are read for checks over several rules only. */
  readonly wanted: ((file: string) => boolean) | null;
  /** Where what was read and found is kept for the next go; null: nowhere. */
  readonly keeping: Keeping | null;
  /** From how many rules on several workers analyze them. */
  readonly workersFrom: number;
  /** A worker that was started before; null: none was, or it was taken. */
  readonly early?: () => Hand | null;
  readonly purpose?: LintPurpose | undefined;
}

/** So much text is most rule sets; their nodes take 70 MB. */
const HELD_CHARACTERS = 4 * 1024 * 1024;

/** One go over all rules. */
export async function lintOnce(world: World, order: LintOrder): Promise<LintReport> {
  const release = holdNodes(HELD_CHARACTERS);
  try {
    return await lintAll(world, order);
  } finally {
    release();
  }
}

async function lintAll(world: World, order: LintOrder): Promise<LintReport> {
  const { workersFrom, keeping, early = () => null } = order;
  const analyst = openAnalyst(world, { workersFrom, ...(keeping && { cache: keeping.cache }) }, early());
  try {
    return await lintWith(world, order, analyst);
  } finally {
    await analyst.close();
  }
}

/** Reads rules; what was not read before is analyzed while the others are read. */
async function readWith(
  { scope, wanted, keeping, workersFrom }: LintOrder,
  analyst: SetAnalyst,
  io: RuleIo,
): Promise<LoadedRules> {
  const isWanted = wanted ?? (() => true);
  const asks = (read: number): boolean => {
    if (read >= workersFrom) void analyst.enlarge();
    return analyst.isApart() || read >= workersFrom;
  };
  const ahead = createAheadReader({ analyst, isWanted, asks });
  const loaded = await loadRules(scope.places, io, keeping ? createKeptReader(keeping, ahead.reader) : ahead.reader);
  ahead.stop();
  return loaded;
}

async function lintWith(world: World, order: LintOrder, analyst: SetAnalyst): Promise<LintReport> {
  const { scope, gate, wanted, keeping, purpose } = order;
  const isWanted = wanted ?? (() => true);
  const reads = recordReads();
  const loaded = await readWith(order, analyst, reads.io);
  const { files, rules, unmatched } = loaded;
  const { severities, offerOf, whole } = scope;
  const settings: LintSettings = {
    now: world.clock.now(),
    retentionMs: DEFAULT_RETENTION_MS,
    severities,
    offerOf,
    all: rules,
    purpose,
    unmatched: whole ? unmatched : [],
  };
  const looked = wanted ? rules.filter((rule) => filesOfRule(rule).some(wanted)) : rules;
  const kept = keeping && { ...keeping, textOf: reads.textOf, surroundings: reads.others(files) };
  analyst.expect(looked.length);
  const progress = startProgress(world, ANALYZING, looked.length);
  const work = { analyst, settings, keeping: kept, progress: progress.update };
  const own = await lintEach(looked, work).finally(progress.stop);
  const found = joinFindings(own, settings);
  const problems = [...loaded.problems, ...scope.targetProblems(looked)];
  const findings = toldFindings({ ...loaded, problems }, own, found).filter(({ file }) => isWanted(file));
  const counts = countsOf(findings);
  return { files: files.filter(isWanted), rules: own.length, findings, counts, reason: reasonToFail(counts, gate) };
}
