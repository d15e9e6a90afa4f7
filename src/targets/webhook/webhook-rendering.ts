import type { Alert } from '../../alerts/alert.ts';
import type { Payload, SentPayload } from '../../formats/format.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { sentPayloadOf } from '../payload-of.ts';
import type { Delivery, TargetDeps } from '../target.ts';
import { compileText, compileTree, pathText, type TextTemplate, type TreeTemplate } from '../template/template.ts';
import { headerValue } from './request-auth.ts';
import { headerName } from './webhook-headers.ts';
import type { TemplateSettings } from './webhook-schema.ts';

/** What one alert becomes. */
export interface RenderedAlert {
  readonly payload: SentPayload;
  readonly headers: Readonly<Record<string, string>>;
  /** Behind the target's address; null: the address as it is. */
  readonly path: string | null;
}

export type RenderAlert = (delivery: Pick<Delivery, 'alert' | 'text'>) => RenderedAlert | Promise<RenderedAlert>;

interface CompiledTemplate {
  readonly path: TextTemplate | null;
  readonly headers: readonly (readonly [string, TextTemplate])[];
  readonly body: TreeTemplate | null;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};
const JSON_TYPE = 'application/json';

/**
 * Alerts as the target's format or its template has them. Of a template that fails the native payload goes out in its stead, with
 * `renderErrors`: an alert that looks wrong is better than none. Throws CONFIG_INVALID for what is no template.
 */
export function createRendering(template: TemplateSettings | undefined, deps: TargetDeps): RenderAlert {
  const { format, log, name } = deps;
  const asPlain = (payload: SentPayload): RenderedAlert => ({ payload, headers: NO_HEADERS, path: null });
  if (template === undefined) return (delivery) => asPlain(sentPayloadOf(format, delivery));
  const compiled = compileTemplateOf(template, `targets.${name}.template`);
  const plain = (alert: Alert): RenderedAlert => asPlain(format(alert, { maxBytes: null }));
  return async ({ alert }) => {
    try {
      return await renderWith(compiled, alert, plain);
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      log.warn('A template failed; the alert goes out as it is.', { target: name, alertId: alert.id, reason: message });
      const body = JSON.stringify({ ...alert, renderErrors: [{ message }] });
      return { payload: { body, contentType: JSON_TYPE }, headers: NO_HEADERS, path: null };
    }
  };
}

function compileTemplateOf({ path, headers = {}, body }: TemplateSettings, where: string): CompiledTemplate {
  return {
    path: path === undefined ? null : compileText(path, `${where}.path`),
    headers: Object.entries(headers).map(([key, value]) => [
      headerName(key, where),
      compileText(value.reveal(), `${where}.headers.${key}`),
    ]),
    body: body === undefined ? null : compileTree(body, `${where}.body`),
  };
}

async function renderWith(
  { path, headers, body }: CompiledTemplate,
  alert: Alert,
  plain: (alert: Alert) => RenderedAlert,
): Promise<RenderedAlert> {
  const written = headers.map(async ([key, text]) => [key, headerValue(await text.render(alert), key)] as const);
  return {
    payload: body ? await bodyOf(body, alert) : plain(alert).payload,
    headers: Object.fromEntries(await Promise.all(written)),
    path: path ? rooted(await path.render(alert, pathText)) : null,
  };
}

async function bodyOf(body: TreeTemplate, alert: Alert): Promise<Payload> {
  const value = await body.render(alert);
  if (value === undefined) throw new HuntwireError('TEMPLATE_FAILED', 'The body of the template has no value.');
  return { body: JSON.stringify(value), contentType: JSON_TYPE };
}

function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
