import { type Connection, type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { TOKEN_KINDS } from './query/query-tokens.ts';
import { type OpenDocument, type OpenDocuments, openDocuments } from './server/documents.ts';
import { createRefresh, PAUSES, type TypingPauses } from './server/refresh.ts';
import { answerRequests } from './server/requests.ts';
import { createAsker } from './worker/asker.ts';
import type { EditorHand } from './worker/editor-hand.ts';

export interface EditorServerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** Starts who looks at rules. */
  readonly startHand: () => EditorHand;
  /** Default those that suit a person. */
  readonly pauses?: TypingPauses;
}

/** The longest that one answer may take of a processor, in ms. */
const LONGEST_ANSWER_MS = 5000;

/** Serves an editor over a connection. What it gives ends what looks at rules. */
export function serveEditor(connection: Connection, deps: EditorServerDeps): () => void {
  const { clock, log, startHand, pauses = PAUSES } = deps;
  const asker = createAsker({ clock, log, start: startHand, longestMs: LONGEST_ANSWER_MS });
  let documents: OpenDocuments | null = null;
  const refresh = createRefresh({
    ...{ clock, pauses },
    connection,
    asker,
    documents: () => documents ?? NOTHING_OPEN,
    tested: async () => undefined,
  });
  let snippets = false;
  connection.onInitialize(({ capabilities }) => {
    snippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
    return resultOf(deps);
  });
  answerRequests(connection, { asker, documents: () => documents ?? NOTHING_OPEN, snippets: () => snippets });
  connection.onShutdown(() => asker.close());
  documents = openDocuments(connection, {
    changed: (document) => {
      holdIn(document, asker);
      refresh.changed(document);
    },
    closed: (document) => {
      asker.hold(document.file, null);
      refresh.closed(document);
    },
  });
  connection.onDidChangeWatchedFiles(() => refresh.all());
  connection.listen();
  return () => {
    refresh.stop();
    asker.close();
  };
}

/** Characters behind which something can be completed without a letter of it. */
const TRIGGERS = ['|', ' ', '.', '(', '"', "'", '{', ','];

const NOTHING_OPEN: OpenDocuments = { get: () => null, ofFile: () => null, all: () => [] };

function holdIn({ file, text }: OpenDocument, asker: ReturnType<typeof createAsker>): void {
  asker.hold(file, text);
}

function resultOf({ version }: EditorServerDeps): InitializeResult {
  return {
    serverInfo: { name: 'huntwire', version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: TRIGGERS },
      hoverProvider: true,
      documentFormattingProvider: true,
      renameProvider: { prepareProvider: true },
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      foldingRangeProvider: true,
      semanticTokensProvider: { legend: { tokenTypes: [...TOKEN_KINDS], tokenModifiers: [] }, full: true },
    },
  };
}
