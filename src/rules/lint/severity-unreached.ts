import { SEVERITIES } from '../rule.ts';
import type { LintCheck } from './check.ts';

/** As alerts read them. */
const KNOWN: readonly string[] = [...SEVERITIES, 'information', 'info'];

/** What a severity column holds is known where the query writes it out. */
export const severityUnreached: LintCheck = {
  id: 'severity-unreached',
  description: 'A `severityColumn` whose texts, as the query writes them, are no severities.',
  why: 'A text that is no severity leaves the alert with the severity of its rule, so that the one that was meant is never reached.',
  mend: 'Write `informational`, `low`, `medium`, `high` or `critical` in the query.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  check: ({ alert, severity, map }, { prepared }) => {
    const texts = alert.severityColumn === null ? undefined : prepared.texts?.[alert.severityColumn];
    const others = texts?.filter((text) => !KNOWN.includes(text.trim().toLowerCase())) ?? [];
    if (others.length === 0) return [];
    const list = others.map((text) => `"${text}"`).join(', ');
    const message = `The column "${alert.severityColumn}" may hold ${list}, which is no severity: such an alert is ${severity}, as its rule.`;
    return [
      { place: map.placeOf(['alert', 'severityColumn']), message, suggestion: `Valid are: ${SEVERITIES.join(', ')}.` },
    ];
  },
};
