import type { Alert } from '../../alerts/alert.ts';
import type { JsonObject } from '../../formats/presets/preset.ts';
import { again, blocked } from '../delivery-result.ts';
import type { Talk, VendorAnswer } from '../vendor-target.ts';
import type { Material } from '../webhook/sender.ts';
import { jsonOf, objectOf, objectsOf, textIn } from './answer-json.ts';
import { readable } from './readable-answer.ts';
import { stepFailed, type TicketDesk, type TicketStep } from './ticket-flow.ts';

/** The receipt of an alert that is there, and that searches do not show yet. */
const UNKNOWN = '?';
const NOT_SHOWN = again('TheHive has the alert, and no search shows it yet');
const GONE: TicketStep = { kind: 'done', ticket: null };
/** Stages in which people have dealt with an alert; Imported: a case has been made of it. */
const DEALT_WITH = ['Closed', 'Imported'];

/** TheHive's alert for one of ours (API v1); its `_id` is the receipt. */
export function createThehiveDesk({ body, send }: Talk<Material>, alert: Alert, signal: AbortSignal): TicketDesk {
  const post = (path: string, document: JsonObject) => send({ path, body: document }, signal);

  const find: TicketDesk['find'] = async () => {
    const asked = readable(await post('/api/v1/query?name=alerts', body('search', alert)), 'which alerts there are');
    if (asked.result.kind !== 'delivered') return stepFailed(asked.result);
    const [found] = objectsOf(jsonOf(asked.answer));
    if (found?.sourceRef !== undefined && found.sourceRef !== alert.id)
      return stepFailed(blocked('TheHive answers a search by sourceRef with other alerts'));
    return { kind: 'done', ticket: textIn(found?._id) };
  };

  const create: TicketDesk['create'] = async () => {
    const document = body('alert', alert);
    const first = await post('/api/v1/alert', document);
    const isOdd = first.answer?.status === 400 && !isDuplicate(first);
    const made = isOdd ? await post('/api/v1/alert', { ...document, observables: [] }) : first;
    if (isDuplicate(made)) return known(await find());
    if (made.result.kind !== 'delivered') return stepFailed(made.result);
    return { kind: 'done', ticket: textIn(objectOf(jsonOf(made.answer))._id) };
  };

  /** Does something to an alert that is there, of which only the reference may be known. */
  const about = async (ticket: string, ask: (path: string) => Promise<VendorAnswer>): Promise<TicketStep> => {
    const meant: TicketStep = ticket === UNKNOWN ? shownBy(await find()) : { kind: 'done', ticket };
    if (meant.kind === 'failed' || meant.ticket === null) return meant;
    const { result, answer } = await ask(`/api/v1/alert/${encodeURIComponent(meant.ticket)}`);
    if (result.kind === 'delivered') return meant;
    return answer?.status === 404 && typeOf(answer) === 'NotFoundError' ? GONE : stepFailed(result);
  };

  const patch = (ticket: string, change: string): Promise<TicketStep> =>
    about(ticket, (path) => send({ method: 'PATCH', path, body: body(change, alert) }, signal));

  const resolve: TicketDesk['resolve'] = async (ticket) => {
    let stage: unknown = null;
    const seen = await about(ticket, async (path) => {
      const asked = readable(await send({ method: 'GET', path }, signal), 'in which stage the alert is');
      stage = objectOf(jsonOf(asked.answer)).stage;
      return asked;
    });
    const isOpen = seen.kind === 'done' && seen.ticket !== null && !DEALT_WITH.includes(String(stage));
    return isOpen ? patch(ticket, 'resolution') : seen;
  };

  return { find, create, update: (ticket) => patch(ticket, 'change'), resolve };
}

/** TheHive has an alert of that type, source and sourceRef already. */
function isDuplicate({ answer }: VendorAnswer): boolean {
  return answer?.status === 400 && typeOf(answer) === 'CreateError';
}

function typeOf(answer: VendorAnswer['answer']): unknown {
  return objectOf(jsonOf(answer)).type;
}

/** It is there, as TheHive has said: what is to be done to it waits until a search shows it, or an alert would stay open for ever. */
function shownBy(step: TicketStep): TicketStep {
  return step.kind === 'failed' || step.ticket !== null ? step : stepFailed(NOT_SHOWN);
}

function known(step: TicketStep): TicketStep {
  return step.kind === 'done' ? { kind: 'done', ticket: step.ticket ?? UNKNOWN } : step;
}
