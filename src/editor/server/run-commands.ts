import { type CancellationToken, type Connection, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { COMMANDS } from '../commands.ts';
import type { Asker } from '../worker/asker.ts';
import type { OpenDocument, OpenDocuments } from './documents.ts';
import type { ShownTests } from './shown-tests.ts';

/** What another verb of the program printed. */
export interface VerbPrint {
  readonly exitCode: number | null;
  readonly text: string;
}

/** Runs a verb of the program over the files as they are saved, from the folder of a file, until the signal ends it. */
export type RunVerb = (args: readonly string[], file: string, signal: AbortSignal) => Promise<VerbPrint>;

export interface CommandDeps {
  readonly tester: Asker;
  readonly documents: () => OpenDocuments;
  readonly shown: ShownTests;
  readonly runVerb: RunVerb;
  /** Whether the editor shows what a command gives itself; else it is told as a message. */
  readonly showsResults: () => boolean;
}

/** How far back a backtest from an editor looks. */
const BACKTEST = ['--from', '7d'];

/** What lenses do, and what an editor calls by name: the address of a file, the id of a rule, the name of a test. Each gives a text. */
export function runCommands(connection: Connection, deps: CommandDeps): void {
  connection.onExecuteCommand(async ({ command, arguments: given = [] }, token) => {
    const [uri, rule, test] = given.map((one) => (typeof one === 'string' ? one : null));
    const document = deps.documents().get(uri ?? '');
    if (!document) throw new ResponseError(LSPErrorCodes.RequestFailed, 'Give the address of a file that is open.');
    const asked = { document, rule: rule ?? null, test: test ?? null };
    const { text, failed } = await perform(deps, command, asked, token);
    if (!deps.showsResults()) await tell(connection, text, failed);
    return text;
  });
}

interface Asked {
  readonly document: OpenDocument;
  readonly rule: string | null;
  readonly test: string | null;
}

interface Performed {
  readonly text: string;
  readonly failed: boolean;
}

async function perform(deps: CommandDeps, command: string, asked: Asked, token: CancellationToken): Promise<Performed> {
  if (command === COMMANDS.runTest) return runTest(deps, asked);
  if (command === COMMANDS.explain) return verb(deps, ['explain', subjectOf(asked)], asked, token);
  if (command === COMMANDS.backtest) return verb(deps, ['backtest', subjectOf(asked), ...BACKTEST], asked, token);
  throw new ResponseError(LSPErrorCodes.RequestFailed, `There is no command ${command}.`);
}

/** A file of several rules is asked for one of them by its id. */
function subjectOf({ document, rule }: Asked): string {
  const parts = document.text?.split(/^---(?:\s|$)/m) ?? [];
  const isOfSeveral = parts.filter((part) => /^[^#\s]/m.test(part)).length > 1;
  return isOfSeveral && rule !== null ? rule : document.file;
}

async function runTest({ tester, shown }: CommandDeps, { document, rule, test }: Asked): Promise<Performed> {
  const { file } = document;
  const only = rule === null ? null : { rule, test };
  const outcome = await tester.ask({ name: 'test', file, only }, { rank: 1, isStale: () => false });
  if (outcome === null)
    return { text: 'The tests could not be run: they took too long, or too much memory.', failed: true };
  if (only === null || test === null) shown.show(outcome);
  const { passed, failed, lines } = outcome;
  if (passed + failed === 0) return { text: 'There is no test that can run.', failed: true };
  return { text: [`${passed} passed, ${failed} failed.`, ...lines].join('\n'), failed: failed > 0 };
}

async function verb(
  { runVerb }: CommandDeps,
  args: readonly string[],
  asked: Asked,
  token: CancellationToken,
): Promise<Performed> {
  const stop = new AbortController();
  token.onCancellationRequested(() => stop.abort());
  const { exitCode, text } = await runVerb(args, asked.document.file, stop.signal);
  return { text, failed: exitCode !== 0 };
}

/** The longest message that an editor is bothered with. */
const MOST_TOLD = 4000;

async function tell(connection: Connection, text: string, failed: boolean): Promise<void> {
  const message = text.length > MOST_TOLD ? `${text.slice(0, MOST_TOLD)}…` : text;
  await connection.sendNotification('window/showMessage', { type: failed ? 2 : 3, message });
}
