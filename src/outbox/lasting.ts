import type { OutboxEntry } from '../state/outbox-store.ts';
import type { Delivery } from '../targets/target.ts';

/** An alert that a target has taken, by its latest message. */
export interface LastingAlert {
  readonly delivery: Delivery;
  /** Epoch ms at which the message was committed. */
  readonly committedAt: number;
  readonly characters: number;
}

/** The alerts that are to be handed over again. A resolve stays where it may have been overtaken, until it was repeated, too. */
export interface Lasting {
  /** What the state knows, older than what was taken since. */
  begin(entries: readonly OutboxEntry[]): void;
  /** The target has taken a message; `receipt` as it answered it. */
  taken(entry: OutboxEntry, receipt: string | null): void;
  /** What is to be repeated now. Messages that are taken until `repeated` is called may be overtaken by these. */
  repeat(isOver: (alert: LastingAlert) => boolean): readonly Delivery[];
  repeated(): void;
}

/** With so much of alerts in memory the oldest are repeated no more: Alertmanager has been told of them. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

export function createLasting(): Lasting {
  const alerts = new Map<string, LastingAlert>();
  let characters = 0;
  let isRepeating = false;
  const remove = (id: string): void => {
    characters -= alerts.get(id)?.characters ?? 0;
    alerts.delete(id);
  };
  const add = (entry: OutboxEntry, receipt: string | null): void => {
    const { messageId, alert, createdAt } = entry;
    // One that is repeated would tell of a process that has stopped.
    if (alert.health?.code === 'heartbeat') return;
    remove(alert.id);
    alerts.set(alert.id, {
      delivery: { messageId, alert, receipt },
      committedAt: createdAt,
      characters: entry.characters,
    });
    characters += entry.characters;
    for (const id of alerts.keys()) if (characters > MOST_CHARACTERS) remove(id);
  };
  return {
    begin: (entries) => {
      for (const entry of entries.toReversed()) if (!alerts.has(entry.alert.id)) add(entry, entry.receipt);
    },
    taken: (entry, receipt) => {
      if (entry.alert.status === 'firing' || isRepeating) add(entry, receipt);
      else remove(entry.alert.id);
    },
    repeat: (isOver) => {
      for (const [id, alert] of alerts) if (isOver(alert)) remove(id);
      const now = [...alerts.values()].map(({ delivery }) => delivery);
      for (const { alert } of now) if (alert.status === 'resolved') remove(alert.id);
      isRepeating = now.length > 0;
      return now;
    },
    repeated: () => {
      isRepeating = false;
    },
  };
}
