import type { AlertPer, Threshold, ThresholdOperator } from '../rule.ts';
import type { RawThreshold } from './raw.ts';
import { type Reading, report } from './reading.ts';

const SHORT_FORM = /^(>=|<=|==|!=|>|<) *(.+)$/;
const RUN_ONLY: readonly ThresholdOperator[] = ['<', '<=', '==', '!='];

/** `threshold`: `"> 0"` counts rows; a map measures a column or rows, by group where `groupBy` says so. */
export function readThreshold(reading: Reading, raw: string | RawThreshold | undefined): Threshold {
  const { measure = 'rows', column = null, operator, value, groupBy = [] } = longForm(raw ?? '> 0');
  if (measure === 'rows' && column !== null) {
    report(
      reading,
      ['threshold', 'column'],
      'The measure rows takes no column: name another measure or drop "column".',
    );
  }
  if (measure !== 'rows' && column === null) {
    report(reading, ['threshold'], `The measure ${measure} needs the "column" it measures.`);
  }
  return Object.freeze({ measure, column, operator, value: Number(value), groupBy });
}

function longForm(raw: string | RawThreshold): RawThreshold {
  if (typeof raw === 'object') return raw;
  const [, operator = '>', value = '0'] = SHORT_FORM.exec(raw) ?? [];
  return { operator: operator as ThresholdOperator, value: Number(value) };
}

/** `alert.per` with its default, after what the threshold says: `groupBy` implies group. */
export function readPer(reading: Reading, threshold: Threshold, given: AlertPer | undefined): AlertPer {
  const grouped = threshold.groupBy.length > 0;
  const per = given ?? (grouped ? 'group' : 'row');
  const at = given === undefined ? ['threshold'] : ['alert', 'per'];
  if (grouped && per !== 'group') report(reading, at, `"groupBy" makes an alert per group, not per ${per}.`);
  if (!grouped && per === 'group') report(reading, at, 'An alert per group needs "threshold.groupBy".');
  if (RUN_ONLY.includes(threshold.operator) && (per !== 'run' || grouped)) {
    const reason = 'a row or group that is not there cannot be told';
    report(reading, at, `The operator ${threshold.operator} needs "per: run" and no "groupBy": ${reason}.`);
  }
  return per;
}
