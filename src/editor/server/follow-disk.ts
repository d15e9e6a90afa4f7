import { type Connection, DidChangeWatchedFilesNotification, type InitializeParams } from 'vscode-languageserver';

/** What findings depend on beside open texts: configurations, rules, tests, overlays, functions, lists, tables. */
const WATCHED = '**/*.{yaml,yml,json,kql,csl,csv}';
/** Of others there are thousands, and nothing of them is ours. */
const OTHERS = /\/(?:node_modules|\.git)\//;

/** Has the editor tell which files change on the disk, where it can. */
export function followDisk(connection: Connection, { capabilities }: InitializeParams, changed: () => void): void {
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(({ uri }) => !OTHERS.test(uri))) changed();
  });
  if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
  connection.onInitialized(() => {
    const watchers = [{ globPattern: WATCHED }];
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined);
  });
}
