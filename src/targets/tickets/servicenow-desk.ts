import type { Alert } from '../../alerts/alert.ts';
import type { JsonObject } from '../../formats/presets/preset.ts';
import { again, blocked, refused } from '../delivery-result.ts';
import type { DeliveryResult } from '../target.ts';
import type { Talk, VendorAnswer, VendorRequest } from '../vendor-target.ts';
import type { Material } from '../webhook/sender.ts';
import { jsonOf, objectOf, objectsOf, textIn } from './answer-json.ts';
import { stepFailed, type TicketDesk, type TicketStep } from './ticket-flow.ts';

interface ServicenowAlert {
  readonly talk: Talk<Material>;
  readonly table: string;
  readonly alert: Alert;
  readonly signal: AbortSignal;
}

const FIELDS = 'sysparm_fields=sys_id,correlation_id,active,state';
/** A 403 that is about this record: a rule of the table does not let it be as we want it. */
const ABOUT_RECORD = /data policy|business rule|aborted|mandatory/i;
const GONE: TicketStep = { kind: 'done', ticket: null };

type Read = { readonly kind: 'read'; readonly result: unknown } | { readonly kind: 'not'; readonly step: TicketStep };

/** The record of one alert (Table API); its `sys_id` is the receipt. */
export function createServicenowDesk({ talk, table, alert, signal }: ServicenowAlert): TicketDesk {
  const path = `/api/now/table/${table}`;
  const ask = async (request: VendorRequest): Promise<Read> => readAnswer(await talk.send(request, signal), talk.shown);
  const change = async (id: string, body: JsonObject): Promise<TicketStep> => {
    const read = await ask({ method: 'PATCH', path: `${path}/${encodeURIComponent(id)}?${FIELDS}`, body });
    return read.kind === 'not' ? read.step : { kind: 'done', ticket: id };
  };

  const find: TicketDesk['find'] = async () => {
    const query = `sysparm_query=${encodeURIComponent(`correlation_id=${alert.id}^ORDERBYsys_created_on`)}`;
    const read = await ask({ method: 'GET', path: `${path}?${query}&${FIELDS}&sysparm_limit=1` });
    if (read.kind === 'not') return read.step;
    const [record] = objectsOf(read.result);
    if (!record) return GONE;
    if (record.correlation_id === alert.id) return { kind: 'done', ticket: textIn(record.sys_id) };
    return stepFailed(blocked(`the table ${table} cannot be searched by correlation_id`));
  };

  const create: TicketDesk['create'] = async () => {
    const read = await ask({ path: `${path}?${FIELDS}`, body: talk.body('record', alert) });
    return read.kind === 'not' ? read.step : { kind: 'done', ticket: textIn(objectOf(read.result).sys_id) };
  };

  const resolve: TicketDesk['resolve'] = async (id) => {
    const body = talk.body('resolution', alert);
    const read = await ask({ method: 'GET', path: `${path}/${encodeURIComponent(id)}?${FIELDS}` });
    if (read.kind === 'not') return read.step;
    const { active, state } = objectOf(read.result);
    const isClosed = String(active) === 'false' || String(state) === String(body.state);
    return isClosed ? { kind: 'done', ticket: id } : change(id, body);
  };

  return { find, create, update: (id) => change(id, talk.body('note', alert)), resolve };
}

/** What stands below `result`. An instance that sleeps answers 200 with a page, and a query that ran too long with half a document. */
function readAnswer(asked: VendorAnswer, shown: Talk<Material>['shown']): Read {
  const { result, answer } = asked;
  const document = objectOf(jsonOf(answer));
  if (result.kind !== 'delivered') return { kind: 'not', step: failure(asked, objectOf(document.error), shown) };
  if (document.result !== undefined && document.error === undefined) return { kind: 'read', result: document.result };
  return { kind: 'not', step: stepFailed(again('ServiceNow answered without a result', told(answer?.status ?? null))) };
}

function failure({ result, answer }: VendorAnswer, error: JsonObject, shown: Talk<Material>['shown']): TicketStep {
  const isServicenow = typeof error.message === 'string';
  if (answer?.status === 404 && isServicenow && /no record/i.test(String(error.message))) return GONE;
  const isRefused = answer?.status === 403 && ABOUT_RECORD.test(`${String(error.message)} ${String(error.detail)}`);
  const itself: DeliveryResult = isRefused ? refused('ServiceNow answered 403', 403, shown(answer.text)) : result;
  return stepFailed(itself);
}

function told(status: number | null) {
  return { status, retryAfterMs: null };
}
