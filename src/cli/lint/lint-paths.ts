import { resolve } from 'node:path';
import type { Hand } from '../../kql/hands/hand.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';
import type { FileKeeping } from '../../rules/kept/kept-reader.ts';
import { EXIT } from '../exit-codes.ts';
import { lintKeeping } from '../kept/keeping.ts';
import { printLine } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import { gateOf } from './lint-gate.ts';
import { type LintOrder, lintOnce } from './lint-once.ts';
import type { LintOptions } from './lint-options.ts';
import type { LintReport } from './lint-report.ts';
import { lintScope } from './lint-scope.ts';
import { printReport } from './print-report.ts';

/** From how many rules on several workers pay. */
const WORKERS_FROM = 100;

/** `early` gives what may analyze, once; null: nothing was started. */
export async function lintPaths(
  world: World,
  given: readonly string[],
  options: LintOptions,
  early: () => Hand | null,
): Promise<number> {
  refuseMixtures(options);
  if (options.report) return reportPaths(world, given, options);
  const order = { ...(await orderOf(world, given, options)), early };
  let code: number = EXIT.ok;
  const pass = async (): Promise<void> => {
    code = await lintAndPrint(world, order, options);
  };
  if (!options.watch) {
    await pass();
    return code;
  }
  const { watchPaths } = await import('./watch.ts');
  const { paths, overlays, functions = [], watchlists = {} } = order.scope.places;
  await watchPaths(world, [...paths, ...overlays, ...functions, ...Object.values(watchlists)], pass);
  return code;
}

async function reportPaths(world: World, given: readonly string[], options: LintOptions): Promise<number> {
  const { printVerdicts } = await import('./print-verdicts.ts');
  const { places } = await lintScope(world, given, options.config);
  return printVerdicts(world, places, options.format);
}

function refuseMixtures({ fix, watch, format, report, changed }: LintOptions): void {
  if (report && (fix || watch || changed !== undefined || !['text', 'json'].includes(format)))
    throw new HuntwireError('USAGE', '--report goes alone, with --format text or json.');
  if (fix && watch) throw new HuntwireError('USAGE', 'Give --fix or --watch, not both: an editor may hold the file.');
  if ((fix || watch) && format !== 'text')
    throw new HuntwireError('USAGE', `${fix ? '--fix' : '--watch'} prints text only; leave --format out.`);
}

interface KeptOrder extends LintOrder {
  readonly keeping: FileKeeping | null;
}

async function orderOf(
  world: World,
  given: readonly string[],
  options: LintOptions,
): Promise<Omit<KeptOrder, 'early'>> {
  const gate = gateOf(options);
  const scope = await lintScope(world, given, options.config);
  const folder = options.cache === undefined ? null : resolve(world.cwd, options.cache);
  const keeping = lintKeeping(folder, scope.state);
  const order = { scope, gate, keeping, workersFrom: WORKERS_FROM, purpose: options.for };
  if (options.changed === undefined) return { ...order, wanted: null };
  const { changedSince } = await import('./changed-files.ts');
  return { ...order, wanted: await changedSince(world, options.changed) };
}

async function lintAndPrint(world: World, order: KeptOrder, options: LintOptions): Promise<number> {
  const first = await lintOnce(world, order);
  const report = options.fix ? await afterFixes(world, order, first) : first;
  order.keeping?.save();
  await printReport(world, report, { format: options.format, failOn: order.gate.failOn });
  return report.reason === null ? EXIT.ok : EXIT.findings;
}

/** A name that is mended lets the next be seen: columns of a table, and what overlaps another edit. */
const MOST_ROUNDS = 5;

/** What is left once the fixes are made, and those that the fixes bring to light. */
async function afterFixes(world: World, order: LintOrder, report: LintReport): Promise<LintReport> {
  const { fixFiles } = await import('./fixes.ts');
  const mended = new Set<string>();
  let [left, edits] = [report, 0];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const fixed = fixFiles(world, left.findings);
    if (fixed.files.length === 0) break;
    for (const file of fixed.files) mended.add(file);
    edits += fixed.edits;
    left = await lintOnce(world, order);
  }
  if (mended.size > 0) printLine(world, `${edits} fixed in ${countOf(mended.size, 'file')}.`);
  return left;
}
