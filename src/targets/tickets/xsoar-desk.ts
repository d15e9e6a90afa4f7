import type { Alert } from '../../alerts/alert.ts';
import type { JsonObject } from '../../formats/presets/preset.ts';
import { again } from '../delivery-result.ts';
import type { Talk, VendorAnswer } from '../vendor-target.ts';
import type { Material } from '../webhook/sender.ts';
import { idIn, jsonOf, objectOf, objectsOf } from './answer-json.ts';
import { stepFailed, type TicketDesk, type TicketStep } from './ticket-flow.ts';

interface XsoarAlert {
  readonly talk: Talk<Material>;
  /** In front of every path of the API. */
  readonly prefix: string;
  readonly alert: Alert;
  readonly signal: AbortSignal;
}

type Found =
  | { readonly kind: 'found'; readonly entries: readonly JsonObject[] }
  | { readonly kind: 'not'; readonly step: TicketStep };

/** Pending and active; done and archived are behind them. */
const OPEN = [0, 1];

/** What XSOAR has of one alert; its id is the receipt. */
export function createXsoarDesk({ talk, prefix, alert, signal }: XsoarAlert): TicketDesk {
  const { body, send } = talk;
  const post = (path: string, document: JsonObject) => send({ path: `${prefix}${path}`, body: document }, signal);

  const search = async (document: JsonObject): Promise<Found> => {
    const asked = await post('/incidents/search', document);
    if (asked.result.kind !== 'delivered') return { kind: 'not', step: stepFailed(asked.result) };
    const { total, data } = objectOf(jsonOf(asked.answer));
    if (typeof total !== 'number')
      return { kind: 'not', step: stepFailed(again('XSOAR answered a search without a total')) };
    if (total > 0 && !Array.isArray(data))
      return { kind: 'not', step: stepFailed(again('XSOAR answered a search without what it found')) };
    return { kind: 'found', entries: objectsOf(data) };
  };

  const find: TicketDesk['find'] = async () => {
    const found = await search(body('search', alert));
    if (found.kind === 'not') return found.step;
    return { kind: 'done', ticket: idIn(found.entries.find((entry) => isOf(entry, alert))?.id) };
  };

  const create: TicketDesk['create'] = async () => {
    const made = await post('/incident', body('alert', alert));
    return made.result.kind === 'delivered'
      ? { kind: 'done', ticket: idIn(objectOf(jsonOf(made.answer)).id) }
      : stepFailed(made.result);
  };

  /** Says something of one that is there: what XSOAR answers for one that is not is a failure like any other. */
  const about = async (id: string, say: () => Promise<VendorAnswer>, onlyOpen: boolean): Promise<TicketStep> => {
    const found = await search({ filter: { id: [id], page: 0, size: 1 } });
    if (found.kind === 'not') return found.step;
    const entry = talk.isRehearsed ? { id, status: OPEN[0] } : found.entries.find((one) => idIn(one.id) === id);
    if (!entry) return { kind: 'done', ticket: null };
    if (onlyOpen && !OPEN.includes(Number(entry.status))) return { kind: 'done', ticket: id };
    const { result } = await say();
    return result.kind === 'delivered' ? { kind: 'done', ticket: id } : stepFailed(result);
  };

  const update: TicketDesk['update'] = (id) =>
    about(id, () => post('/entry', { investigationId: id, ...body('note', alert) }), false);
  const resolve: TicketDesk['resolve'] = (id) =>
    about(id, () => post('/incident/batchClose', { ids: [id], ...body('resolution', alert) }), true);
  return { find, create, update, resolve };
}

/** A search finds whatever mentions the id. */
function isOf({ dbotMirrorId, labels }: JsonObject, { id }: Alert): boolean {
  return dbotMirrorId === id || objectsOf(labels).some(({ type, value }) => type === 'huntwire' && value === id);
}
