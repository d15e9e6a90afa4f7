import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toHuntwireError } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import { readCompleteRules } from '../rules/load-rules.ts';
import { KQL_EXTENSIONS } from '../rules/readers/kql-query.ts';
import type { Verdict } from '../rules/readers/verdict.ts';
import type { Rule } from '../rules/rule.ts';
import { diskRules, type FileKind, RULE_FILES } from '../rules/rule-files.ts';
import { writeRule } from '../rules/write/write-rule.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { rulePlaces } from './rule-paths.ts';
import { oneLine, printData, printJson, printLine } from './terminal/print.ts';
import { shortPaths } from './terminal/short-paths.ts';
import type { World } from './terminal/world.ts';

interface ConvertOptions extends CommonOptions {
  readonly out?: string;
  readonly force: boolean;
}

export const convert: Verb = (program, world, done) => {
  withFormat(withConfig(program.command('convert')))
    .argument('<files...>', 'rule files and folders of other products, and bare queries (*.kql)')
    .option('--out <dir>', 'write a file for each rule into this folder; else all go to stdout')
    .option('--force', 'write over files that are there', false)
    .action(async (files: readonly string[], options: ConvertOptions) =>
      done(await convertFiles(world, files, options)),
    );
};

interface Written {
  readonly file: string;
  readonly rule: string;
  /** Where it was written to; null: to stdout. */
  readonly path: string | null;
  readonly text: string;
}

type Refused = Pick<Verdict, 'file' | 'rule'> & { readonly reason: string };

/** In folders, too, queries are taken that are no rules yet. */
const CONVERTED_FILES: FileKind = { ...RULE_FILES, extensions: [...RULE_FILES.extensions, ...KQL_EXTENSIONS] };

/** Files are read and written, and no query is analyzed: lint tells of the result. Of a configuration the saved functions count. */
async function convertFiles(world: World, given: readonly string[], options: ConvertOptions): Promise<number> {
  const { rules, verdicts, problems, refusals } = await readCompleteRules(
    await rulePlaces(world, given, options.config),
    diskRules,
    CONVERTED_FILES,
  );
  const missing = [...problems, ...refusals].filter(({ file }) => !verdicts.some((one) => one.file === file));
  const refused: Refused[] = [
    ...missing.map(({ file, message }) => ({ file: file ?? '', rule: null, reason: message })),
    ...verdicts.flatMap(({ file, rule, reason }) => (reason === null ? [] : [{ file, rule, reason }])),
  ];
  const written: Written[] = [];
  for (const rule of rules) {
    const done = writeOne(world, rule, options);
    if ('reason' in done) refused.push(done);
    else written.push(done);
  }
  if (options.format === 'json') printJson(world, { written, refused, verdicts });
  else printText(world, written, refused);
  return refused.length > 0 ? EXIT.findings : EXIT.ok;
}

function writeOne(world: World, rule: Rule, { out, force }: ConvertOptions): Written | Refused {
  const { file } = rule.map;
  const text = writeRule(rule);
  if (out === undefined) return { file, rule: rule.id, path: null, text };
  const folder = resolve(world.cwd, out);
  const path = join(folder, `${rule.id}.yaml`);
  if (existsSync(path) && !force)
    return { file, rule: rule.id, reason: `${path} is there; it is written over with --force only.` };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
    return { file, rule: rule.id, path, text };
  } catch (thrown) {
    return { file, rule: rule.id, reason: `${path} cannot be written: ${toHuntwireError(thrown).message}` };
  }
}

/** On stdout are rules alone where no folder takes them: what is to be said of them goes to stderr. */
function printText(world: World, written: readonly Written[], refused: readonly Refused[]): void {
  const toStdout = written.filter(({ path }) => path === null);
  if (toStdout.length > 0) printData(world, toStdout.map(({ text }) => text).join('---\n'));
  for (const { path, file } of written)
    if (path !== null) printLine(world, shortPaths(world.cwd, `${oneLine(file)} -> ${oneLine(path)}`));
  for (const { file, rule, reason } of refused) {
    const name = rule === null ? '' : ` (${rule})`;
    world.stderr.write(`${shortPaths(world.cwd, oneLine(`${file}${name}: ${reason}`))}\n`);
  }
  const summary = `${countOf(written.length, 'rule')} written, ${refused.length} refused.\n`;
  world.stderr.write(summary);
}
