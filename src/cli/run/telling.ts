import { once } from 'node:events';
import type { App } from '../../app.ts';
import { allEnded } from '../../lib/all-ended.ts';
import { keepJournalFile } from '../../observe/journal-file.ts';
import { keepJournalPushed } from '../../observe/journal-push.ts';

/** What tells others what happens, as it is configured at the time. */
export interface Telling {
  run(signal: AbortSignal): Promise<void>;
  /** Goes by what is configured now; resolves when the one before has ended. */
  follow(): Promise<void>;
}

export type ToldApp = Pick<App, 'config' | 'targets' | 'runs'> & Partial<Pick<App, 'openApart'>>;

export function createTelling(app: ToldApp): Telling {
  let going: { readonly stop: AbortController; readonly done: Promise<void>; readonly by: readonly unknown[] } | null =
    null;
  const start = (signal: AbortSignal): Promise<void> => {
    const stop = new AbortController();
    const done = tellUntil(app, AbortSignal.any([signal, stop.signal]));
    going = { stop, done, by: groundsOf(app) };
    return done;
  };
  return {
    run: async (signal) => {
      while (!signal.aborted) await start(signal);
    },
    follow: async () => {
      const now = groundsOf(app);
      if (!going || now.every((one, at) => one === going?.by[at])) return;
      going.stop.abort();
      await going.done.catch(() => undefined);
    },
  };
}

/** What it goes by: a target whose settings have changed is another one. */
function groundsOf({ config: { events }, targets }: ToldApp): readonly unknown[] {
  return [events?.path, events?.target, targets.find(({ name }) => name === events?.target)];
}

async function tellUntil(app: ToldApp, signal: AbortSignal): Promise<void> {
  const { events } = app.config;
  const parts = [
    ...(events?.path ? [keepJournalFile(events.path, app.runs, signal)] : []),
    ...(events?.target ? [pushTo(events.target, app, signal)] : []),
  ];
  if (parts.length > 0) await allEnded(parts);
  else if (!signal.aborted) await once(signal, 'abort');
}

/** Over connections of its own, so that no alert waits behind an event. */
async function pushTo(name: string, app: ToldApp, signal: AbortSignal): Promise<void> {
  const target = app.openApart?.(name);
  if (!target?.carry) return;
  try {
    await keepJournalPushed({ name, carry: target.carry }, app.runs, signal);
  } finally {
    await target.close();
  }
}
