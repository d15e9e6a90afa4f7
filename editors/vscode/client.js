const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { connect } = require('./connection.js');
const { converters } = require('./convert.js');
const { registerProviders } = require('./providers.js');

const SELECTOR = [
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', language: 'json' },
  { scheme: 'file', language: 'kusto' },
];
const COMMANDS = ['huntwire.runTest', 'huntwire.explain', 'huntwire.backtest'];

/** Starts the server and joins it to VS Code, of which `vscode` is the interface. What it gives ends both. */
exports.startClient = async (vscode, output) => {
  const made = converters(vscode);
  const found = vscode.languages.createDiagnosticCollection('huntwire');
  const hints = new vscode.EventEmitter();
  const child = startServer(vscode, output);
  const watchers = [];
  const server = connect(child, (method, params) => {
    if (method === 'textDocument/publishDiagnostics')
      found.set(vscode.Uri.parse(params.uri), params.diagnostics.map(made.diagnostic));
    if (method === 'workspace/inlayHint/refresh') hints.fire();
    if (method === 'window/showMessage') output.appendLine(params.message);
    if (method === 'client/registerCapability') watchers.push(...watchFiles(vscode, server, params));
  });
  const { capabilities } = await server.request('initialize', helloOf(vscode));
  server.notify('initialized', {});
  const subscriptions = [
    found,
    hints,
    ...followDocuments(vscode, server),
    ...registerProviders({ vscode, server, made, hints, selector: SELECTOR, capabilities }),
    ...COMMANDS.map((command) => registerCommand(vscode, server, command)),
  ];
  return {
    stop: async () => {
      for (const one of [...subscriptions, ...watchers]) one.dispose();
      await server.request('shutdown', null).catch(() => undefined);
      server.notify('exit', null);
      child.stdin.end();
    },
  };
};

function startServer(vscode, output) {
  const settings = vscode.workspace.getConfiguration('huntwire');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const isWindows = process.platform === 'win32';
  const own = folder && join(folder, 'node_modules', '.bin', isWindows ? 'huntwire.cmd' : 'huntwire');
  const program = settings.get('path') || (own && existsSync(own) ? own : 'huntwire');
  const config = settings.get('config');
  const args = ['lsp', '--stdio', ...(config ? ['--config', config] : [])];
  // Of Windows only a shell starts .cmd files; then the program is quoted.
  const child = spawn(isWindows ? `"${program}"` : program, args, { cwd: folder, shell: isWindows, windowsHide: true });
  child.stderr.on('data', (chunk) => output.append(String(chunk)));
  child.stdin.on('error', () => undefined);
  child.on('error', (error) =>
    vscode.window.showErrorMessage(`huntwire does not start: ${error.message}. Set "huntwire.path".`),
  );
  return child;
}

function helloOf(vscode) {
  return {
    processId: process.pid,
    clientInfo: { name: 'Visual Studio Code', version: vscode.version },
    rootUri: vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? null,
    capabilities: {
      textDocument: { completion: { completionItem: { snippetSupport: true } } },
      workspace: { inlayHint: { refreshSupport: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
    },
    initializationOptions: { showsResults: true },
  };
}

/** Texts are sent whole: rules are short. */
function followDocuments(vscode, server) {
  const isOurs = (document) => vscode.languages.match(SELECTOR, document) > 0;
  const uriOf = (document) => document.uri.toString();
  const open = (document) => {
    if (!isOurs(document)) return;
    const { languageId, version } = document;
    server.notify('textDocument/didOpen', {
      textDocument: { uri: uriOf(document), languageId, version, text: document.getText() },
    });
  };
  for (const document of vscode.workspace.textDocuments) open(document);
  return [
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!isOurs(document)) return;
      const textDocument = { uri: uriOf(document), version: document.version };
      server.notify('textDocument/didChange', { textDocument, contentChanges: [{ text: document.getText() }] });
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (isOurs(document)) server.notify('textDocument/didClose', { textDocument: { uri: uriOf(document) } });
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (isOurs(document)) server.notify('textDocument/didSave', { textDocument: { uri: uriOf(document) } });
    }),
  ];
}

/** Kinds of changes as the protocol numbers them. */
const CHANGES = { onDidCreate: 1, onDidChange: 2, onDidDelete: 3 };

/** Tells the server what changes on the disk, of the files that it names. */
function watchFiles(vscode, server, { registrations }) {
  const method = 'workspace/didChangeWatchedFiles';
  const wanted = registrations.filter((one) => one.method === method);
  return wanted
    .flatMap(({ registerOptions }) => registerOptions.watchers)
    .map(({ globPattern }) => {
      const watcher = vscode.workspace.createFileSystemWatcher(globPattern);
      for (const [event, type] of Object.entries(CHANGES))
        watcher[event]((uri) => server.notify(method, { changes: [{ uri: uri.toString(), type }] }));
      return watcher;
    });
}

/** What a command of the server gives is shown as a text beside the rule. */
function registerCommand(vscode, server, command) {
  return vscode.commands.registerCommand(command, async (...given) => {
    try {
      const content = await server.request('workspace/executeCommand', { command, arguments: given });
      const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    } catch (error) {
      await vscode.window.showErrorMessage(error.message);
    }
  });
}
