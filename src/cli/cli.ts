import { Command, CommanderError } from 'commander';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { printFailure } from './terminal/print-failure.ts';
import { usageText } from './terminal/usage-text.ts';
import type { World } from './terminal/world.ts';
import { version } from './version.ts';

/** One verb of the command line: adds itself to the program; its action leaves the exit code. */
export type Verb = (program: Command, world: World, done: (exitCode: number) => void) => void;

/** Parses arguments, runs one verb and tells the exit code. Never exits the process and never throws. */
export async function runCli(argv: readonly string[], world: World, verbs: readonly Verb[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram(world);
  for (const verb of verbs) {
    verb(program, world, (code) => {
      exitCode = code;
    });
  }
  for (const command of program.commands) prepare(command, world);
  program.configureHelp({ subcommandTerm: (command) => command.name() });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    return failureOf(thrown, argv, world);
  }
}

function createProgram(world: World): Command {
  const program = new Command('huntwire')
    .description('Detection as code for Microsoft Defender advanced hunting.')
    .version(version);
  prepare(program, world);
  program.showSuggestionAfterError();
  return program;
}

/** Every verb has --help and --version, writes where it is told and throws instead of exiting. */
function prepare(command: Command, world: World): void {
  if (command.parent) command.version(version);
  command
    .exitOverride((thrown) => refuse(command, thrown))
    .configureOutput({
      outputError: () => undefined,
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      getOutHelpWidth: () => world.stdout.columns,
      getErrHelpWidth: () => world.stderr.columns,
    });
  for (const child of command.commands) prepare(child, world);
}

/** Help and versions that were asked for end here, too. */
function refuse(command: Command, thrown: CommanderError): never {
  if (thrown.exitCode === 0 || thrown.code === 'commander.help') throw thrown;
  throw new HuntwireError('USAGE', usageText(thrown, command));
}

function failureOf(thrown: unknown, argv: readonly string[], world: World): number {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return EXIT.ok;
    if (formatOf(argv) === 'json') printFailure(world, new HuntwireError('USAGE', thrown.message), 'json');
    return EXIT.usage;
  }
  const error = toHuntwireError(thrown);
  printFailure(world, error, formatOf(argv));
  return exitCodeOf(error.code);
}

/** The asked output format, found even where the rest of the line is wrong. */
function formatOf(argv: readonly string[]): string {
  const index = argv.indexOf('--format');
  return argv.find((one) => one.startsWith('--format='))?.slice('--format='.length) ?? argv[index + 1] ?? 'text';
}
