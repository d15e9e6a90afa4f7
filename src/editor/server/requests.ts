import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type SemanticTokens,
  type TextDocumentIdentifier,
} from 'vscode-languageserver';
import type { AnswerTo, AskName, EditorAsk } from '../question.ts';
import type { Asker } from '../worker/asker.ts';
import type { OpenDocument, OpenDocuments } from './documents.ts';

export interface RequestDeps {
  readonly asker: Asker;
  readonly documents: () => OpenDocuments;
  /** Whether the editor fills in places of a completion. */
  readonly snippets: () => boolean;
}

/** Who is lower is answered first: what a person sees as they type, then what they ask for, then what can wait. */
const RANK = { typing: 1, asked: 2, seen: 4 } as const;

/** Answers what the editor asks about a text. What is asked of a text that has changed meanwhile is not answered. */
export function answerRequests(connection: Connection, deps: RequestDeps): void {
  const { snippets } = deps;
  connection.onCompletion(async ({ textDocument, position: at }, token) => {
    const ask = ({ file }: OpenDocument) => ({ name: 'complete', file, at, snippets: snippets() }) as const;
    return [...((await answer(deps, textDocument, { token, rank: RANK.typing }, ask)) ?? [])];
  });
  connection.onHover(({ textDocument, position: at }, token) =>
    answer(deps, textDocument, { token, rank: RANK.asked }, ({ file }) => ({ name: 'hover', file, at }) as const),
  );
  connection.onDocumentFormatting(async ({ textDocument }, token) => {
    const ask = ({ file }: OpenDocument) => ({ name: 'format', file }) as const;
    return [...((await answer(deps, textDocument, { token, rank: RANK.asked }, ask)) ?? [])];
  });
  connection.onCodeAction(async ({ textDocument, range }, token) => {
    const ask = ({ file, uri }: OpenDocument) => ({ name: 'actions', file, uri, range }) as const;
    return [...((await answer(deps, textDocument, { token, rank: RANK.asked }, ask)) ?? [])];
  });
  connection.onFoldingRanges(async ({ textDocument }, token) => {
    const ask = ({ file }: OpenDocument) => ({ name: 'fold', file }) as const;
    return [...((await answer(deps, textDocument, { token, rank: RANK.seen }, ask)) ?? [])];
  });
  connection.languages.semanticTokens.on(async ({ textDocument }, token): Promise<SemanticTokens> => {
    const ask = ({ file }: OpenDocument) => ({ name: 'tokens', file }) as const;
    return { data: [...((await answer(deps, textDocument, { token, rank: RANK.seen }, ask)) ?? [])] };
  });
  connection.onCodeLens(async ({ textDocument }, token) => {
    const ask = ({ file, uri }: OpenDocument) => ({ name: 'lenses', file, uri }) as const;
    return [...((await answer(deps, textDocument, { token, rank: RANK.seen }, ask)) ?? [])];
  });
  answerRenames(connection, deps);
}

function answerRenames(connection: Connection, deps: RequestDeps): void {
  connection.onPrepareRename(({ textDocument, position: at }, token) =>
    answer(deps, textDocument, { token, rank: RANK.asked }, ({ file }) => ({ name: 'renameRange', file, at }) as const),
  );
  connection.onRenameRequest(async ({ textDocument, position: at, newName }, token) => {
    const ask = ({ file }: OpenDocument) => ({ name: 'rename', file, at, newName }) as const;
    const renaming = await answer(deps, textDocument, { token, rank: RANK.asked }, ask);
    if (renaming === null) return null;
    if (renaming.edits === null) throw new ResponseError(LSPErrorCodes.RequestFailed, renaming.refused);
    return { changes: { [textDocument.uri]: [...renaming.edits] } };
  });
}

interface HowAsked {
  readonly token: CancellationToken;
  readonly rank: number;
}

/** null: the text is not open or not looked at, has changed, or nobody waits any more. */
export async function answer<Name extends AskName>(
  { asker, documents }: Pick<RequestDeps, 'asker' | 'documents'>,
  { uri }: TextDocumentIdentifier,
  { token, rank }: HowAsked,
  ask: (document: OpenDocument) => EditorAsk<Name>,
): Promise<AnswerTo<Name> | null> {
  const document = documents().get(uri);
  if (document === null || document.text === null) return null;
  const isStale = (): boolean => token.isCancellationRequested || documents().get(uri) !== document;
  const found = await asker.ask(ask(document), { rank, isStale });
  return isStale() ? null : found;
}
