import type { Column } from '../../kql/types.ts';
import { effectiveShape } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** Windows of a set rule overlap: without an identity of its rows, each run would tell the same again. */
export const rowIdentity: LintCheck = {
  id: 'row-identity',
  description:
    'A set with an alert per row where nothing tells rows apart; name `alert.dedup.columns`. A warning for rules of other products, which tell it so at home.',
  why: 'Windows of a set overlap: without something that tells rows apart, each run would tell the same hits again.',
  mend: 'Name the columns that make a hit the same in `alert.dedup.columns`, or alert per group or run.',
  severity: 'error',
  analyzed: true,
  refuses: ['set'],
  check: (rule, { prepared }) => {
    const { per, dedupColumns } = rule.alert;
    if (effectiveShape(rule, prepared) !== 'set' || per !== 'row' || dedupColumns !== null) return [];
    if (prepared.identity.kind !== 'none') return [];
    const message =
      'Nothing tells when a row of this query is the same again, so an alert per row would be told in every run.';
    const keys = keyColumns(prepared.columns ?? []).join(', ');
    const suggestion =
      keys === ''
        ? 'Name the columns in "alert.dedup.columns", or alert per group or run.'
        : `Name the columns in "alert.dedup.columns", such as [${keys}], or alert per group or run.`;
    const severity = rule.origin ? 'warning' : 'error';
    return [{ place: rule.map.placeOf(['alert', 'per']), message, suggestion, severity }];
  },
};

const MOST_KEYS = 4;
/** Names of what stays the same from run to run, the surest first. */
const KEYS = [/Id$/, /(?:Sid|Upn)$/, /^(?:SHA256|SHA1|MD5)$/, /(?:Name|Domain)$/, /(?:IP|IPAddress|Url)$/, /Address$/];

/** Result columns that could tell rows apart: texts that name a device, an account, a file or an address. */
function keyColumns(columns: readonly Column[]): readonly string[] {
  const texts = columns.filter(({ name, type }) => (type === 'string' || type === 'guid') && name !== 'ReportId');
  const ranked = KEYS.flatMap((form) => texts.filter(({ name }) => form.test(name)));
  return [...new Set(ranked.map(({ name }) => name))].slice(0, MOST_KEYS);
}
