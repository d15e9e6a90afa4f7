import { messageId } from '../../alerts/alert.ts';
import type { Host } from '../../app/host.ts';
import { openTarget } from '../../app/open-parts.ts';
import type { TargetConfig } from '../../config/config.ts';
import { FORMATS } from '../../formats/registry.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { renderFrame } from '../../targets/syslog/message.ts';
import { messageSettings, type SyslogConfig } from '../../targets/syslog/settings.ts';
import type { Delivery, RehearsedRequest, Target } from '../../targets/target.ts';

/** `receipt`: of the target, where the state has one: a later message goes to the ticket that is there. */
export interface Rehearsal extends Pick<Delivery, 'alert' | 'receipt'> {
  readonly name: string;
  readonly settings: TargetConfig;
}

/** What would be sent, in its order; a target of several steps asks further ones by the answers, which say nothing here. */
export async function requestsFor(
  { name, settings, alert, receipt }: Rehearsal,
  host: Host,
  signal: AbortSignal,
): Promise<readonly (RehearsedRequest | PlainText)[]> {
  const requests: RehearsedRequest[] = [];
  const target: Target = openTarget(name, settings, host, (request) => requests.push(request));
  const delivery: Delivery = { messageId: messageId(alert), alert, receipt };
  try {
    if (!SPEAKS_NO_HTTP.has(settings.type)) await target.deliver(delivery, signal);
    return requests.length > 0 ? requests : [plainText(settings, delivery)];
  } finally {
    await target.close();
  }
}

/** What goes out without a request around it. */
export interface PlainText {
  readonly method: null;
  readonly url: null;
  readonly headers: Readonly<Record<string, never>>;
  readonly body: string;
}

/** Their text is the payload, with its frame. */
const SPEAKS_NO_HTTP = new Set(['syslog', 'file', 'stdout']);

function plainText(settings: TargetConfig, delivery: Delivery): PlainText {
  const format = FORMATS.get(String(settings.format ?? 'native'))?.format;
  if (!format) throw new HuntwireError('CONFIG_INVALID', `There is no format "${String(settings.format)}".`);
  const body =
    settings.type === 'syslog'
      ? (renderFrame(messageSettings(settings as SyslogConfig & TargetConfig), format, delivery) ?? '')
      : format(delivery.alert, { maxBytes: null }).body;
  return { method: null, url: null, headers: {}, body };
}
