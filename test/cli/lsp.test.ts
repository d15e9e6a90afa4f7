import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

const MAIN = join(import.meta.dirname, '../../dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'huntwire-lsp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Server {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly ended: Promise<number | null>;
}

function startServer(): Server {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, 'lsp', '--stdio'], { cwd: folder, stdio: 'pipe' });
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  return { child, connection, ended };
}

const hello = { processId: process.pid, rootUri: null, capabilities: {} };

/** What a process has started; Linux alone tells. */
function childrenOf(pid: number): readonly number[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return [];
  const told = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/children`, 'utf8'));
  return told.flatMap((text) => text.split(' ').filter(Boolean).map(Number));
}

async function findingsOf({ connection }: Server, text: string): Promise<PublishDiagnosticsParams> {
  const told = new Promise<PublishDiagnosticsParams>((resolve) =>
    connection.onNotification(PublishDiagnosticsNotification.type, resolve),
  );
  const uri = pathToFileURL(join(folder, 'rule.yaml')).href;
  const textDocument = { uri, languageId: 'yaml', version: 1, text };
  await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  return told;
}

describe('huntwire lsp', () => {
  it('serves an editor over standard input and output, and ends as it is told, with all that it started', async () => {
    const server = startServer();
    const { serverInfo } = await server.connection.sendRequest(InitializeRequest.type, hello);
    expect(serverInfo?.name).toBe('huntwire');
    const text = 'id: x\nname: x\nseverity: high\nschedule: {every: 1h}\nquery: DeviceEvents | where FilName == "a"\n';
    const { diagnostics } = await findingsOf(server, text);
    expect(diagnostics.map(({ code }) => code)).toContain('column-unknown');
    const started = childrenOf(server.child.pid ?? 0);
    await server.connection.sendRequest(ShutdownRequest.type);
    await server.connection.sendNotification(ExitNotification.type);
    expect(await server.ended).toBe(0);
    for (const pid of started) await goneOf(pid);
  });

  it('ends when the process of the editor is gone', async () => {
    const server = startServer();
    const { pid = 0 } = spawnSync(process.execPath, ['-e', '']);
    await server.connection.sendRequest(InitializeRequest.type, { ...hello, processId: pid });
    expect(await server.ended).toBe(0);
  });

  it('ends when its input does', async () => {
    const server = startServer();
    await server.connection.sendRequest(InitializeRequest.type, hello);
    server.child.stdin?.end();
    expect(await server.ended).toBe(0);
  });
});

/** Resolves once a process has ended. */
async function goneOf(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}/stat`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
    await new Promise((resolve) => setImmediate(resolve));
}
