import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  Diagnostic,
  FoldingRange,
  Hover,
  InlayHint,
  Position,
  Range,
  TextEdit,
} from 'vscode-languageserver';

/** A text that an editor holds; null: it holds it no longer, and what is on the disk counts. */
export interface HeldText {
  readonly file: string;
  readonly text: string | null;
}

/** Where in which file something is asked. */
interface AtPlace {
  readonly file: string;
  readonly at: Position;
}

/** What the server asks whoever looks at rules, by its name: what is given, and what comes of it. */
export interface EditorAsks {
  /** `whole`: with all rules of the configuration, as checks over several rules need it. */
  readonly diagnose: readonly [{ readonly file: string; readonly whole: boolean }, Diagnosis];
  readonly complete: readonly [AtPlace & { readonly snippets: boolean }, readonly CompletionItem[]];
  readonly hover: readonly [AtPlace, Hover | null];
  readonly format: readonly [{ readonly file: string }, readonly TextEdit[]];
  readonly renameRange: readonly [AtPlace, Range | null];
  readonly rename: readonly [AtPlace & { readonly newName: string }, Renaming];
  readonly actions: readonly [
    { readonly file: string; readonly range: Range; readonly uri: string },
    readonly CodeAction[],
  ];
  readonly fold: readonly [{ readonly file: string }, readonly FoldingRange[]];
  readonly tokens: readonly [{ readonly file: string }, readonly number[]];
  readonly lenses: readonly [{ readonly file: string; readonly uri: string }, readonly CodeLens[]];
  readonly test: readonly [{ readonly file: string; readonly only: TestChoice | null }, TestOutcome];
}

export type AskName = keyof EditorAsks;

export type EditorAsk<Name extends AskName = AskName> = {
  readonly [One in Name]: { readonly name: One } & EditorAsks[One][0];
}[Name];

export type AnswerTo<Name extends AskName> = EditorAsks[Name][1];

/** What is sent to whoever looks: texts that have changed since it was asked last, and what is asked. */
export interface EditorQuestion {
  readonly texts: readonly HeldText[];
  readonly ask: EditorAsk;
}

export interface Diagnosis {
  /** By file everything that is found in it; of a file that is not among them nothing was looked for. */
  readonly files: readonly { readonly file: string; readonly diagnostics: readonly Diagnostic[] }[];
  /** Rules of the file that have tests which can run. */
  readonly tested: number;
}

export type Renaming =
  | { readonly edits: readonly TextEdit[]; readonly refused: null }
  | { readonly edits: null; readonly refused: string };

export interface TestChoice {
  readonly rule: string;
  /** null: all of the rule. */
  readonly test: string | null;
}

export interface TestOutcome {
  readonly hints: readonly { readonly file: string; readonly hints: readonly InlayHint[] }[];
  readonly passed: number;
  readonly failed: number;
  /** What the failed ones say. */
  readonly lines: readonly string[];
}

/** Whoever looks: gives what was asked for. */
export type EditorAnswerer = <Name extends AskName>(
  texts: readonly HeldText[],
  ask: EditorAsk<Name>,
) => Promise<AnswerTo<Name>>;
