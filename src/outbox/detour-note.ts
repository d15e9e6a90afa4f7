import type { Alert } from '../alerts/alert.ts';
import { formatDuration } from '../lib/duration.ts';
import { cutText } from '../lib/text.ts';
import type { Detour } from '../state/detour-store.ts';
import type { OutboxEntry } from '../state/outbox-store.ts';

/** The most that the schema of alerts lets a description hold. */
const LONGEST_DESCRIPTION = 8192;

/** The alert as it is handed over: where it took a detour, its description ends with why, for whoever wonders that it comes here. */
export function alertAsSent({ alert, detour }: OutboxEntry): Alert {
  if (!detour) return alert;
  const note = noteOf(detour, alert);
  const room = LONGEST_DESCRIPTION - note.length - 2;
  const description = alert.description === '' ? note : `${cutText(alert.description, room)}\n\n${note}`;
  return { ...alert, description };
}

function noteOf(detour: Detour, { acknowledged, change, severity }: Alert): string {
  if (detour.kind === 'fallback')
    return `Sent here in the place of the target ${detour.of}, which takes no alerts now.`;
  const within = formatDuration(detour.afterMs);
  if (acknowledged && change?.kind === 'severity')
    return `Sent here because its severity has risen to ${severity}, and nobody has acknowledged this alert anew within ${within}.`;
  return `Sent here because nobody has acknowledged this alert within ${within}.`;
}
