import { once } from 'node:events';
import type { App } from '../../app.ts';
import { allEnded } from '../../lib/all-ended.ts';
import { keepJournalFile } from '../../observe/journal-file.ts';
import { keepJournalPushed } from '../../observe/journal-push.ts';
import { createFollower, type Follower } from './follower.ts';

export type ToldApp = Pick<App, 'config' | 'targets' | 'runs'> & Partial<Pick<App, 'openApart'>>;

/** What tells others what happens, as it is configured at the time. */
export function createTelling(app: ToldApp): Follower {
  return createFollower(
    () => groundsOf(app),
    (signal) => tellUntil(app, signal),
  );
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
  await allEnded(parts);
  if (!signal.aborted) await once(signal, 'abort');
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
