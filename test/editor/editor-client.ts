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
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  FileChangeType,
  type FileSystemWatcher,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  RegistrationRequest,
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
  /** What files the server wants to be told of. */
  readonly watched: readonly FileSystemWatcher[];
  readonly initialized: Awaited<ReturnType<ProtocolConnection['sendRequest']>>;
  /** Writes a file that is not opened. */
  write(name: string, text: string): void;
  /** The same, and tells the server that it has changed. */
  rewrite(name: string, text: string): Promise<void>;
  open(name: string, text: string): Promise<string>;
  change(name: string, text: string): Promise<void>;
  close(name: string): Promise<void>;
  /** What was told last of a file, once something is told that is right; rejects when nothing more is told. */
  diagnostics(name: string, isRight?: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]>;
  uri(name: string): string;
  end(): Promise<void>;
}

/** A person's pauses are none of a test. */
const NO_PAUSES = { diagnose: 0, test: 0, together: 0 };
/** So many turns of timers without any question, and nothing more is told. */
const IDLE_TURNS = 100;

export async function openEditor(params: Partial<InitializeParams> = {}): Promise<EditorClient> {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-editor-'));
  const [up, down] = [new PassThrough(), new PassThrough()];
  const world = createFakeWorld(folder);
  const answerer = createAnswerer(lookoutDeps(world, null));
  const server = connectEditor(new ServerReader(up), new ServerWriter(down), {
    begun: () => undefined,
    ended: () => undefined,
  });
  let running = 0;
  const answer = async ({ texts, ask }: EditorQuestion) => {
    running += 1;
    try {
      return JSON.parse(JSON.stringify(await answerer(texts, ask)));
    } finally {
      running -= 1;
    }
  };
  const idle = async (isOver: () => boolean): Promise<void> => {
    for (let turns = 0; turns < IDLE_TURNS && !isOver(); turns = running > 0 ? 0 : turns + 1)
      await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const startHand = () => ({
    ask: answer,
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
  const watched: FileSystemWatcher[] = [];
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    for (const { registerOptions } of registrations) watched.push(...registerOptions.watchers);
  });
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    capabilities: {},
    ...params,
  });
  await connection.sendNotification(InitializedNotification.type, {});
  const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  let version = 0;
  return {
    folder,
    connection,
    initialized,
    watched,
    uri,
    write,
    rewrite: async (name, text) => {
      write(name, text);
      await connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: uri(name), type: FileChangeType.Changed }],
      });
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
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = told.get(uri(name));
          if (!found || !isRight(found)) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void idle(() => !waiting.has(look)).then(() => {
          const last = JSON.stringify(told.get(uri(name)) ?? null);
          if (waiting.delete(look)) reject(new Error(`Nothing that is right is told of ${name}; the last is ${last}.`));
        });
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
