import { visibleLine, withoutTurns } from '../../lib/visible.ts';
import type { Delivery } from '../target.ts';

const MAX_VALUE_CHARACTERS = 128;

/** The element `[huntwire@<number> …]` of RFC 5424 section 6.3 with what a receiver routes and deduplicates by. */
export function structuredData(enterpriseNumber: number, delivery: Pick<Delivery, 'alert' | 'messageId'>): string {
  const { alert, messageId } = delivery;
  const parameters = {
    messageId,
    alertId: alert.id,
    revision: String(alert.revision),
    status: alert.status,
    severity: alert.severity,
    tenant: alert.tenant,
    ruleId: alert.rule.id,
    ruleName: alert.rule.name,
  };
  const text = Object.entries(parameters).map(([name, value]) => ` ${name}="${parameterValue(value)}"`);
  return `[huntwire@${enterpriseNumber}${text.join('')}]`;
}

/** RFC 5424 section 6.3.3: quote, backslash and closing bracket are escaped with a backslash, UTF-8 is left alone. */
function parameterValue(value: string): string {
  const cut = [...value].slice(0, MAX_VALUE_CHARACTERS).join('');
  return visibleLine(withoutTurns(cut)).replace(/["\\\]]/g, '\\$&');
}
