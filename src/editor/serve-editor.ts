import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { COMMANDS } from './commands.ts';
import { TOKEN_KINDS } from './query/query-tokens.ts';
import { type OpenDocuments, openDocuments } from './server/documents.ts';
import { followDisk } from './server/follow-disk.ts';
import { createRefresh, PAUSES, type TypingPauses } from './server/refresh.ts';
import { answerRequests } from './server/requests.ts';
import { type RunVerb, runCommands } from './server/run-commands.ts';
import { type ShownTests, showTests } from './server/shown-tests.ts';
import { type Asker, createAsker } from './worker/asker.ts';
import type { EditorHand } from './worker/editor-hand.ts';

export interface EditorServerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** Starts who looks at rules. */
  readonly startHand: () => EditorHand;
  readonly runVerb: RunVerb;
  /** Default those that suit a person. */
  readonly pauses?: TypingPauses;
}

/** The longest that one answer may take of a processor, in ms; and all tests of a file. */
const LONGEST_ANSWER_MS = 5000;
const LONGEST_TESTS_MS = 20_000;

/** What an editor can do, as far as it makes a difference. */
interface EditorTraits {
  snippets: boolean;
  refreshesHints: boolean;
  showsResults: boolean;
}

/**
 * Serves an editor over a connection; what it gives ends what looks at rules. Tests are run by a second one, so that nobody who types
 * waits for them.
 */
export function serveEditor(connection: Connection, deps: EditorServerDeps): () => void {
  const { clock, log, startHand, runVerb, pauses = PAUSES } = deps;
  const start = { clock, log, start: startHand };
  const asker = createAsker({ ...start, longestMs: LONGEST_ANSWER_MS });
  const tester = createAsker({ ...start, longestMs: LONGEST_TESTS_MS });
  const traits: EditorTraits = { snippets: false, refreshesHints: false, showsResults: false };
  let opened: OpenDocuments | null = null;
  const documents = (): OpenDocuments => opened ?? NOTHING_OPEN;
  connection.onInitialize((params) => {
    Object.assign(traits, traitsOf(params));
    asker.warmUp();
    followDisk(connection, params, () => refresh.all());
    return resultOf(deps);
  });
  const shown = showTests({ connection, log, tester, documents, refreshes: () => traits.refreshesHints });
  answerRequests(connection, { asker, documents, snippets: () => traits.snippets });
  runCommands(connection, { tester, documents, shown, runVerb, showsResults: () => traits.showsResults });
  const refresh = createRefresh({ ...{ clock, log, pauses, connection, asker, documents }, tested: shown.run });
  opened = follow(connection, { askers: [asker, tester], refresh, shown });
  connection.onDidSaveTextDocument(() => refresh.all());
  connection.listen();
  return () => {
    refresh.stop();
    asker.close();
    tester.close();
  };
}

const NOTHING_OPEN: OpenDocuments = { get: () => null, ofFile: () => null, all: () => [] };

interface Followers {
  readonly askers: readonly Asker[];
  readonly refresh: ReturnType<typeof createRefresh>;
  readonly shown: ShownTests;
}

function follow(connection: Connection, { askers, refresh, shown }: Followers): OpenDocuments {
  const hold = (file: string, text: string | null): void => {
    for (const one of askers) one.hold(file, text);
  };
  return openDocuments(connection, {
    changed: (document) => {
      hold(document.file, document.text);
      shown.forget(document);
      refresh.changed(document);
    },
    closed: (document) => {
      hold(document.file, null);
      shown.forget(document);
      refresh.closed(document);
    },
  });
}

function traitsOf({ capabilities, initializationOptions }: InitializeParams): EditorTraits {
  const options = (initializationOptions ?? {}) as { readonly showsResults?: unknown };
  return {
    snippets: capabilities.textDocument?.completion?.completionItem?.snippetSupport === true,
    refreshesHints: capabilities.workspace?.inlayHint?.refreshSupport === true,
    showsResults: options.showsResults === true,
  };
}

/** Characters behind which something can be completed without a letter of it. */
const TRIGGERS = ['|', ' ', '.', '(', '"', "'", '{', ','];

function resultOf({ version }: EditorServerDeps): InitializeResult {
  return {
    serverInfo: { name: 'huntwire', version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      completionProvider: { triggerCharacters: TRIGGERS },
      hoverProvider: true,
      documentFormattingProvider: true,
      renameProvider: { prepareProvider: true },
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      codeLensProvider: {},
      inlayHintProvider: true,
      executeCommandProvider: { commands: Object.values(COMMANDS) },
      foldingRangeProvider: true,
      semanticTokensProvider: { legend: { tokenTypes: [...TOKEN_KINDS], tokenModifiers: [] }, full: true },
    },
  };
}
