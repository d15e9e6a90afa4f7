import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { StreamMessageReader as ServerReader, StreamMessageWriter as ServerWriter } from 'vscode-languageserver/node';
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type InitializeParams,
  InitializeRequest,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { lookoutDeps } from '../../src/cli/lsp/lookout-deps.ts';
import { createAnswerer } from '../../src/editor/answers.ts';
import type { EditorQuestion } from '../../src/editor/question.ts';
import { serveEditor } from '../../src/editor/serve-editor.ts';
import { connectEditor } from '../../src/editor/server/connect.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createFakeWorld } from '../cli/fake-world.ts';

/** An editor that talks with the server in this process, over the protocol's own client and streams. */
export interface EditorClient {
  readonly folder: string;
  readonly connection: ProtocolConnection;
  readonly initialized: Awaited<ReturnType<ProtocolConnection['sendRequest']>>;
  /** Writes a file that is not opened. */
  write(name: string, text: string): void;
  open(name: string, text: string): Promise<string>;
  change(name: string, text: string): Promise<void>;
  close(name: string): Promise<void>;
  /** What was told last of a file, once something is told that is right. */
  diagnostics(name: string, isRight?: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]>;
  uri(name: string): string;
  end(): Promise<void>;
}

/** A person's pauses are none of a test. */
const NO_PAUSES = { diagnose: 0, test: 0, together: 0 };

export async function openEditor(params: Partial<InitializeParams> = {}): Promise<EditorClient> {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-editor-'));
  const [up, down] = [new PassThrough(), new PassThrough()];
  const world = createFakeWorld(folder);
  const answerer = createAnswerer(lookoutDeps(world, null));
  const server = connectEditor(new ServerReader(up), new ServerWriter(down), {
    begun: () => undefined,
    ended: () => undefined,
  });
  const startHand = () => ({
    ask: async ({ texts, ask }: EditorQuestion) => JSON.parse(JSON.stringify(await answerer(texts, ask))),
    worked: () => 0,
    end: () => undefined,
  });
  const runVerb = async (args: readonly string[], file: string) => ({
    exitCode: 0,
    text: `${args.join(' ')} of ${file}`,
  });
  const close = serveEditor(server, {
    ...{ clock: world.clock, log: silentLog, version: '0.0.0' },
    ...{ startHand, pauses: NO_PAUSES, runVerb },
  });
  const connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const told = new Map<string, readonly Diagnostic[]>();
  const waiting = new Set<() => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }: PublishDiagnosticsParams) => {
    told.set(uri, diagnostics);
    for (const look of waiting) look();
  });
  connection.listen();
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    capabilities: {},
    ...params,
  });
  const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
  let version = 0;
  return {
    folder,
    connection,
    initialized,
    uri,
    write: (name, text) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    open: async (name, text) => {
      version += 1;
      const textDocument = { uri: uri(name), languageId: 'yaml', version, text };
      await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
      return uri(name);
    },
    change: async (name, text) => {
      version += 1;
      told.delete(uri(name));
      const textDocument = { uri: uri(name), version };
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument,
        contentChanges: [{ text }],
      });
    },
    close: (name) =>
      connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: uri(name) } }),
    diagnostics: (name, isRight = () => true) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = told.get(uri(name));
          if (!found || !isRight(found)) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    end: async () => {
      connection.dispose();
      close();
      server.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A text without its cursor, which is written `|` between two guillemets: «|» and where it stands. */
export function cursorIn(marked: string): { readonly text: string; readonly at: Position } {
  const offset = marked.indexOf('«|»');
  const before = marked.slice(0, offset).split('\n');
  return {
    text: marked.replace('«|»', ''),
    at: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
}

/** What stands in a range of a text. */
export function textIn(text: string, { range: { start, end } }: Pick<Diagnostic, 'range'>): string {
  const lines = text.split(/\r\n|\n/);
  if (start.line !== end.line) return `${lines[start.line]?.slice(start.character)} …`;
  return lines[start.line]?.slice(start.character, end.character) ?? '';
}
