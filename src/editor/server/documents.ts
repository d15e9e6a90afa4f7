import { fileURLToPath } from 'node:url';
import { type Connection, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { HuntwireError } from '../../lib/errors.ts';

/** Longer texts are not looked at, in UTF-16 units: 200 times the longest rule that we have seen. */
export const MOST_CHARACTERS = 1024 * 1024;
/** More open texts are not looked at: who looks holds each of them. */
export const MOST_DOCUMENTS = 200;

/** The texts that the editor has opened. */
export interface OpenDocuments {
  /** null: it is not open, or nothing is looked for in it. */
  get(uri: string): OpenDocument | null;
  /** By its path; null where no text of it is open. */
  ofFile(file: string): OpenDocument | null;
  all(): readonly OpenDocument[];
}

export interface OpenDocument {
  readonly uri: string;
  readonly file: string;
  readonly version: number;
  /** null: the text is too long, or too many are open. */
  readonly text: string | null;
}

export interface DocumentListener {
  changed(document: OpenDocument): void;
  closed(document: OpenDocument): void;
}

/** Follows what the editor opens, changes and closes. */
export function openDocuments(connection: Connection, listener: DocumentListener): OpenDocuments {
  const documents = new TextDocuments(TextDocument);
  const open = new Map<string, OpenDocument>();
  documents.onDidChangeContent(({ document }) => {
    const { uri, version } = document;
    const isOneTooMany = !open.has(uri) && open.size >= MOST_DOCUMENTS;
    const text = document.getText();
    const told = isOneTooMany || text.length > MOST_CHARACTERS ? null : text;
    const one = { uri, file: fileOfUri(uri), version, text: told };
    open.set(uri, one);
    listener.changed(one);
  });
  documents.onDidClose(({ document }) => {
    const one = open.get(document.uri);
    open.delete(document.uri);
    if (one) listener.closed(one);
  });
  documents.listen(connection);
  return {
    get: (uri) => open.get(uri) ?? null,
    ofFile: (file) => [...open.values()].find((one) => one.file === file) ?? null,
    all: () => [...open.values()],
  };
}

/** The path of a text; of one that lies nowhere yet its address, which no file is called by. */
export function fileOfUri(uri: string): string {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  } catch (cause) {
    throw new HuntwireError('USAGE', `The address ${uri} is no path of a file.`, { cause });
  }
}
