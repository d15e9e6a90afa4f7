import { again } from '../delivery-result.ts';
import type { DeliveryResult } from '../target.ts';
import { compileExpression, type JsonataExpression } from '../template/expression.ts';
import type { HttpAnswer } from './webhook-exchange.ts';

/** When an answer means that the alert was taken. */
export interface SuccessSettings {
  /** `2xx`, or a status. */
  readonly status?: readonly string[];
  /** JSONata over the answer; what it gives must be true. */
  readonly body?: string;
}

/** What an answer means, given what its status alone would mean. */
export type ReadSuccess = (answer: HttpAnswer, byStatus: DeliveryResult) => DeliveryResult | Promise<DeliveryResult>;

/** Throws CONFIG_INVALID that names `where` for a `body` that is no JSONata. */
export function createSuccess({ status, body }: SuccessSettings, where: string): ReadSuccess {
  const isMeant = status === undefined ? null : statusTest(status);
  const expression = body === undefined ? null : compileExpression(body, `${where}.body`);
  return (answer, byStatus) => {
    if (isMeant ? !isMeant(answer.status) : byStatus.kind !== 'delivered') return notMeant(answer, byStatus);
    return expression ? checkBody(expression, answer) : { kind: 'delivered' };
  };
}

/** A status in the two hundreds that is not meant is no success, and no word of what is wrong. */
function notMeant({ status }: HttpAnswer, byStatus: DeliveryResult): DeliveryResult {
  if (byStatus.kind !== 'delivered') return byStatus;
  return again(`the webhook answered ${status}, which success.status does not name`, { status, retryAfterMs: null });
}

function statusTest(meant: readonly string[]): (status: number) => boolean {
  const classes = new Set(meant.filter((one) => one.endsWith('xx')).map((one) => Number(one[0])));
  const single = new Set(meant.map(Number));
  return (status) => single.has(status) || classes.has(Math.floor(status / 100));
}

async function checkBody(expression: JsonataExpression, answer: HttpAnswer): Promise<DeliveryResult> {
  const told = { status: answer.status, retryAfterMs: null };
  if (!answer.isWhole) return again('the answer is cut or too long for success.body', told);
  try {
    if ((await expression.evaluate(contentOf(answer.text))) === true) return { kind: 'delivered' };
    return again(`the webhook answered ${answer.status}, and success.body does not hold`, told);
  } catch (thrown) {
    return again(`success.body failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`, told);
  }
}

/** JSON as its value, anything else as text. */
function contentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
