import type { Connection } from 'vscode-languageserver';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Diagnosis } from '../question.ts';
import type { Asker } from '../worker/asker.ts';
import type { OpenDocument, OpenDocuments } from './documents.ts';

/** How long nobody must have typed before something is looked for again, in ms. */
export interface TypingPauses {
  /** Findings of a text by itself. */
  readonly diagnose: number;
  /** Its tests, behind that. */
  readonly test: number;
  /** Findings with all rules of the configuration, behind that. */
  readonly together: number;
}

export const PAUSES: TypingPauses = { diagnose: 100, test: 300, together: 900 };

const RANK = { diagnose: 5, together: 7 };

export interface RefreshDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly pauses: TypingPauses;
  readonly connection: Pick<Connection, 'sendDiagnostics'>;
  readonly asker: Asker;
  readonly documents: () => OpenDocuments;
  /** Told when a text was looked at that has tests which can run. */
  readonly tested: (document: OpenDocument, signal: AbortSignal) => Promise<void>;
}

/** Looks again at what has changed, once nobody has typed for a moment. */
export interface Refresh {
  changed(document: OpenDocument): void;
  closed(document: OpenDocument): void;
  /** Something on the disk has changed: all is looked at again. */
  all(): void;
  /** Looks for nothing any more. */
  stop(): void;
}

export function createRefresh(deps: RefreshDeps): Refresh {
  const running = new Map<string, AbortController>();
  const start = (document: OpenDocument): void => {
    running.get(document.uri)?.abort();
    const stop = new AbortController();
    running.set(document.uri, stop);
    void refresh(deps, document, stop.signal).catch(tellFailed(deps, document, stop.signal));
  };
  return {
    changed: start,
    closed: ({ uri }) => {
      running.get(uri)?.abort();
      running.delete(uri);
      void deps.connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    all: () => {
      for (const document of deps.documents().all()) start(document);
    },
    stop: () => {
      for (const one of running.values()) one.abort();
    },
  };
}

/** Rejects where the text changes meanwhile. */
async function refresh(deps: RefreshDeps, document: OpenDocument, signal: AbortSignal): Promise<void> {
  const { clock, pauses } = deps;
  if (document.text === null) return tellTooLarge(deps, document);
  await clock.sleep(pauses.diagnose, signal);
  const found = await diagnose(deps, document, { whole: false, signal });
  if (signal.aborted) return;
  if (found === null) return tellNothing(deps, document);
  const tests = async (): Promise<void> => {
    await clock.sleep(pauses.test, signal);
    await deps.tested(document, signal);
  };
  if (found.tested > 0) void tests().catch(tellFailed(deps, document, signal));
  await clock.sleep(pauses.together, signal);
  await diagnose(deps, document, { whole: true, signal });
}

/** A look that was stopped ends with an error of its own, which says nothing. */
function tellFailed({ log }: RefreshDeps, { file }: OpenDocument, signal: AbortSignal): (thrown: unknown) => void {
  return (thrown) => {
    if (!signal.aborted) log.warn('a text could not be looked at', { file, error: String(thrown) });
  };
}

interface How {
  readonly whole: boolean;
  readonly signal: AbortSignal;
}

async function diagnose(deps: RefreshDeps, { file }: OpenDocument, { whole, signal }: How): Promise<Diagnosis | null> {
  const asked = deps.documents().all();
  const rank = whole ? RANK.together : RANK.diagnose;
  const found = await deps.asker.ask({ name: 'diagnose', file, whole }, { rank, isStale: () => signal.aborted });
  if (found === null || signal.aborted) return null;
  for (const { file: of, diagnostics } of found.files) {
    const held = deps.documents().ofFile(of);
    // Of a text that has changed meanwhile other places are meant; it is looked at again.
    if (held === null || !asked.includes(held)) continue;
    await deps.connection.sendDiagnostics({ uri: held.uri, version: held.version, diagnostics: [...diagnostics] });
  }
  return found;
}

/** What was found in an older text would stand at other places now. */
async function tellNothing(deps: RefreshDeps, document: OpenDocument): Promise<void> {
  await tell(deps, document, 'Huntwire could not look at this text: it took too long, or too much memory.');
}

async function tellTooLarge(deps: RefreshDeps, document: OpenDocument): Promise<void> {
  await tell(deps, document, 'Huntwire does not look at this text: it is too long, or too many are open.');
}

async function tell({ connection }: RefreshDeps, { uri, version }: OpenDocument, message: string): Promise<void> {
  const start = { line: 0, character: 0 };
  const diagnostics = [{ range: { start, end: start }, severity: 3 as const, source: 'huntwire', message }];
  await connection.sendDiagnostics({ uri, version, diagnostics });
}
