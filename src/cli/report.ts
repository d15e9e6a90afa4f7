import { readTime } from '../actions/read-time.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { createRulesLook } from './kept/look-at-rules.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithoutSecrets } from './read-config.ts';
import { collectReport } from './report/collect-report.ts';
import type { ReportDocument } from './report/report-document.ts';
import { withReader } from './status/look-at-state.ts';
import { callLimits } from './status/watch/call-limits.ts';
import { printData, shownJson } from './terminal/print.ts';
import { printLeftOut } from './terminal/print-left-out.ts';
import type { World } from './terminal/world.ts';
import { version } from './version.ts';
import { writeIntoFile } from './write/write-into-file.ts';

interface ReportOptions extends CommonOptions {
  readonly since: string;
  readonly output?: string;
}

export const reportDays: Verb = (program, world, done) => {
  const command = program.command('report');
  withFormat(withConfig(command), ['html', 'json'], 'html')
    .option('--since <time>', 'from when on: 2026-01-31T08:00:00Z, or 7d back from now', '7d')
    .option('--output <path>', 'write into a file')
    .action(async (options: ReportOptions) => done(await makeReport(world, options)));
};

async function makeReport(world: World, options: ReportOptions): Promise<number> {
  const now = world.clock.now();
  const from = readTime(options.since, '--since', now);
  if (from >= now) throw new HuntwireError('USAGE', `--since ${options.since} is not in the past.`);
  if (options.output === undefined && options.format === 'html' && world.stdout.isTTY)
    throw new HuntwireError('USAGE', 'A page is for a browser: --output report.html, or --format json.');
  const document = await readReport(world, options.config, { from, to: now });
  const text = await textOf(document, options.format);
  if (options.output === undefined) printData(world, text);
  else world.stderr.write(`written to ${await writeIntoFile(world, options.output, text)}\n`);
  return EXIT.ok;
}

async function readReport(
  world: World,
  file: string,
  period: { readonly from: number; readonly to: number },
): Promise<ReportDocument> {
  const { config } = readWithoutSecrets(world, file);
  const callsPerHour = await callLimits(world, config);
  const { rules, problems } = await createRulesLook()(config);
  printLeftOut(world, problems);
  return withReader(world, config, (store) => collectReport({ ...period, store, version, rules, callsPerHour }));
}

/** The library that draws is loaded for a page only. */
async function textOf(document: ReportDocument, format: string): Promise<string> {
  if (format === 'json') return `${shownJson(document)}\n`;
  const { reportPage } = await import('./report/report-page.ts');
  return reportPage(document);
}
