import { extname } from 'node:path';
import type { Connection, InlayHint } from 'vscode-languageserver';
import { toHuntwireError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { TestOutcome } from '../question.ts';
import type { Asker } from '../worker/asker.ts';
import type { OpenDocument, OpenDocuments } from './documents.ts';

/** Results of tests as the editor shows them beside the tests. */
export interface ShownTests {
  show(outcome: TestOutcome): void;
  /** A text was changed or closed: what its tests said, and those beside it, is true no more. */
  forget(document: OpenDocument): void;
  /** Runs the tests of a text and shows what came of them, unless it has changed by then. */
  run(document: OpenDocument, signal: AbortSignal): Promise<void>;
}

export interface ShownDeps {
  readonly connection: Connection;
  readonly log: Log;
  readonly tester: Asker;
  readonly documents: () => OpenDocuments;
  /** Whether the editor looks again when it is asked to. */
  readonly refreshes: () => boolean;
}

/** Of a text by itself: an editor may count versions of a text that it opens again from the same number. */
interface Shown {
  readonly of: OpenDocument;
  readonly hints: readonly InlayHint[];
}

export function showTests({ connection, log, tester, documents, refreshes }: ShownDeps): ShownTests {
  const shown = new Map<string, Shown>();
  connection.languages.inlayHint.on(({ textDocument: { uri } }) => {
    const document = documents().get(uri);
    const known = document && shown.get(document.file);
    return known && known.of === document ? [...known.hints] : [];
  });
  const refused = (thrown: unknown): void =>
    log.warn('the editor did not show results of tests anew', { error: toHuntwireError(thrown).message });
  const show = ({ hints }: TestOutcome): void => {
    for (const { file, hints: found } of hints) {
      const document = documents().ofFile(file);
      if (document) shown.set(file, { of: document, hints: found });
    }
    anew();
  };
  const anew = (): void => {
    if (refreshes()) void connection.languages.inlayHint.refresh().catch(refused);
  };
  return {
    show,
    forget: ({ file }) => {
      shown.delete(file);
      // Of the text itself an editor asks again by itself.
      if (shown.delete(testsBeside(file))) anew();
    },
    run: async ({ file }, signal) => {
      const outcome = await tester.ask({ name: 'test', file, only: null }, { rank: 2, isStale: () => signal.aborted });
      if (outcome !== null && !signal.aborted) show(outcome);
    },
  };
}

/** The file of the tests beside a file of rules. */
function testsBeside(file: string): string {
  return `${file.slice(0, file.length - extname(file).length)}.test.yaml`;
}
