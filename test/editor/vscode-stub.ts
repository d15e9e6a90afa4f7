/** What the extension uses of the interface of Visual Studio Code, as plain data, and what it does with it. */
export interface EditorStub {
  readonly vscode: object;
  /** Providers by the part of the name of their registration: `CompletionItem`. */
  readonly providers: ReadonlyMap<string, Readonly<Record<string, (...given: readonly unknown[]) => unknown>>>;
  readonly commands: ReadonlyMap<string, (...given: readonly unknown[]) => Promise<unknown>>;
  /** Findings that were shown last, once they are right. */
  found(isRight: (found: readonly StubDiagnostic[]) => boolean): Promise<readonly StubDiagnostic[]>;
  /** Resolves when inlay hints are asked for again. */
  hinted(): Promise<void>;
  readonly shown: readonly string[];
  /** Files that are watched, by their pattern. */
  readonly watched: ReadonlyMap<string, { change(uri: string): void }>;
  /** Puts another text into the document. */
  change(text: string): void;
}

export interface StubDiagnostic {
  readonly code: string;
  readonly severity: number;
  readonly range: { readonly start: StubPosition; readonly end: StubPosition };
}

export interface StubPosition {
  readonly line: number;
  readonly character: number;
}

class Place implements StubPosition {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    if (!Number.isInteger(line) || !Number.isInteger(character)) throw new Error('That is no position.');
    [this.line, this.character] = [line, character];
  }
}

/** A class that keeps what it is given under these names. */
function keeping(...names: readonly string[]): new (...given: readonly unknown[]) => object {
  return class {
    constructor(...given: readonly unknown[]) {
      for (const [at, name] of names.entries()) Object.assign(this, { [name]: given[at] });
    }
  };
}

const CLASSES = {
  Position: Place,
  Range: keeping('start', 'end'),
  TextEdit: keeping('range', 'newText'),
  Diagnostic: keeping('range', 'message', 'severity'),
  CompletionItem: keeping('label', 'kind'),
  SnippetString: keeping('value'),
  Hover: keeping('contents', 'range'),
  MarkdownString: keeping('value'),
  CodeAction: keeping('title', 'kind'),
  CodeLens: keeping('range', 'command'),
  InlayHint: keeping('position', 'label'),
  FoldingRange: keeping('start', 'end'),
  SemanticTokens: keeping('data'),
  SemanticTokensLegend: keeping('types', 'modifiers'),
};

export interface StubSettings {
  readonly folder: string;
  readonly uri: string;
  readonly text: string;
  readonly program: string;
}

const gone = { dispose: () => undefined };

/** An editor with one document open, in which nothing is drawn. */
export function createEditorStub({ folder, uri, text, program }: StubSettings): EditorStub {
  const providers = new Map<string, Readonly<Record<string, never>>>();
  const commands = new Map<string, never>();
  const shown: string[] = [];
  const waiting = new Set<(found: readonly StubDiagnostic[]) => void>();
  const hints: (() => void)[] = [];
  const events = new Map<string, (event: object) => void>();
  const watched = new Map<string, { change(uri: string): void }>();
  const held = { text, version: 1 };
  let told: readonly StubDiagnostic[] = [];
  const document = {
    uri: { toString: () => uri },
    languageId: 'yaml',
    getText: () => held.text,
    get version() {
      return held.version;
    },
  };
  const on = (name: string) => (listener: (event: object) => void) => {
    events.set(name, listener);
    return gone;
  };
  const languages = new Proxy(
    {
      match: () => 1,
      createDiagnosticCollection: () => ({
        ...gone,
        set: (_: string, found: readonly StubDiagnostic[]) => {
          told = found;
          for (const look of waiting) look(found);
        },
      }),
    },
    {
      get: (own, name: string) => {
        if (name in own) return own[name as keyof typeof own];
        const kind = /^register(\w+?)(?:Edit|Edits)?Providers?$/.exec(name)?.[1];
        return (_: unknown, provider: never) => {
          if (kind) providers.set(kind, provider);
          return gone;
        };
      },
    },
  );
  const vscode = {
    ...CLASSES,
    version: '1.90.0',
    CodeActionKind: { QuickFix: 'quickfix' },
    ViewColumn: { Beside: -2 },
    Uri: { parse: (one: string) => one },
    WorkspaceEdit: class extends Map {},
    EventEmitter: class {
      event = () => gone;
      dispose = () => undefined;
      fire = () => {
        for (const done of hints.splice(0)) done();
      };
    },
    languages,
    commands: {
      registerCommand: (name: string, run: never) => {
        commands.set(name, run);
        return gone;
      },
    },
    window: {
      showErrorMessage: async (message: string) => void shown.push(`error: ${message}`),
      showTextDocument: async ({ content }: { readonly content: string }) => void shown.push(content),
    },
    workspace: {
      workspaceFolders: [{ uri: { fsPath: folder, toString: () => new URL('.', uri).href } }],
      textDocuments: [document],
      getConfiguration: () => ({ get: (name: string) => (name === 'path' ? program : '') }),
      openTextDocument: async (given: object) => given,
      onDidOpenTextDocument: on('open'),
      onDidChangeTextDocument: on('change'),
      onDidCloseTextDocument: on('close'),
      onDidSaveTextDocument: on('save'),
      createFileSystemWatcher: (pattern: string) => {
        const listeners = { change: (_: { toString(): string }): void => undefined };
        watched.set(pattern, { change: (one) => listeners.change({ toString: () => one }) });
        return {
          ...gone,
          onDidCreate: () => gone,
          onDidDelete: () => gone,
          onDidChange: (listener: typeof listeners.change) => {
            listeners.change = listener;
            return gone;
          },
        };
      },
    },
  };
  return {
    ...{ vscode, providers, commands, shown, watched },
    found: (isRight) =>
      new Promise((resolve) => {
        const look = (found: readonly StubDiagnostic[]): void => {
          if (!isRight(found)) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look(told);
      }),
    hinted: () => new Promise((resolve) => hints.push(resolve)),
    change: (next) => {
      Object.assign(held, { text: next, version: held.version + 1 });
      events.get('change')?.({ document });
    },
  };
}
