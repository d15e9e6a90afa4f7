import type { Alert } from '../../alerts/alert.ts';
import type { Format, Payload } from '../../formats/format.ts';
import { singleLine } from '../single-line.ts';
import type { Delivery, JournalMessage } from '../target.ts';
import type { MessageSettings } from './settings.ts';
import { structuredData } from './structured-data.ts';

/** RFC 5424 table 2. */
const SEVERITIES: Readonly<Record<Alert['severity'], number>> = {
  critical: 2,
  high: 3,
  medium: 4,
  low: 5,
  informational: 6,
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONGEST_TIME = '2026-01-01T00:00:00.000000Z'.length;

/**
 * One syslog message with its frame: header, one space, payload, no BOM. The format is told how many bytes are left for
 * it. null: the alert does not fit into maxMessageBytes even when it is shrunk.
 */
export function renderFrame(settings: MessageSettings, format: Format, delivery: Delivery): string | null {
  const { alert } = delivery;
  const header = headerOf(settings, alert, delivery.messageId);
  return frameOf(settings, header, (maxBytes) => format(alert, { maxBytes }));
}

/** As `renderFrame`, of what is no alert: one line of JSON, informational, with the message id `event`. */
export function renderJournal(settings: MessageSettings, message: JournalMessage): string | null {
  const { hostname, appName, processId, header, facility } = settings;
  const priority = facility * 8 + SEVERITIES.informational;
  const head =
    header === 'rfc3164'
      ? `<${priority}>${time3164(message.at)} ${hostname} ${appName}[${processId}]:`
      : `<${priority}>1 ${time5424(message.at)} ${hostname} ${appName} ${processId} event -`;
  return frameOf(settings, head, (maxBytes) => ({ body: message.text(maxBytes), contentType: 'application/json' }));
}

function frameOf(settings: MessageSettings, header: string, payloadOf: (maxBytes: number) => Payload): string | null {
  const room = settings.maxMessageBytes - Buffer.byteLength(header) - 1;
  if (room <= 0) return null;
  const payload = payloadOf(room);
  const body = settings.framing === 'lf' ? singleLine(payload) : payload.body;
  const bodyBytes = Buffer.byteLength(body);
  if (bodyBytes > room) return null;
  if (settings.framing === 'none') return `${header} ${body}`;
  if (settings.framing === 'lf') return `${header} ${body}\n`;
  return `${settings.maxMessageBytes - room + bodyBytes} ${header} ${body}`;
}

function headerOf(settings: MessageSettings, alert: Alert, messageId: string): string {
  const { hostname, appName, processId, enterpriseNumber } = settings;
  const priority = settings.facility * 8 + SEVERITIES[alert.severity];
  if (settings.header === 'rfc3164')
    return `<${priority}>${time3164(alert.time)} ${hostname} ${appName}[${processId}]:`;
  const data = enterpriseNumber === null ? '-' : structuredData(enterpriseNumber, { alert, messageId });
  return `<${priority}>1 ${time5424(alert.time)} ${hostname} ${appName} ${processId} ${alert.kind} ${data}`;
}

/** RFC 5424 section 6.2.3 allows six digits of a second; alerts have up to seven, always in UTC. */
function time5424(time: string): string {
  return time.length > LONGEST_TIME ? `${time.slice(0, LONGEST_TIME - 1)}Z` : time;
}

/** RFC 3164 section 4.1.2: no year and no zone, the day padded with a space. UTC. */
function time3164(time: string): string {
  const month = MONTHS[Number(time.slice(5, 7)) - 1];
  const day = String(Number(time.slice(8, 10))).padStart(2, ' ');
  return `${month} ${day} ${time.slice(11, 19)}`;
}
