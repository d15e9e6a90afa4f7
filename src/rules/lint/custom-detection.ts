import type { PreparedQuery } from '../../kql/prepared.ts';
import { formatDuration, HOUR_MS } from '../../lib/duration.ts';
import { queryCode } from '../query-code.ts';
import type { Rule } from '../rule.ts';
import type { LintCheck, Remark } from './check.ts';

const FREQUENCIES_MS = [1, 3, 12, 24].map((hours) => hours * HOUR_MS);
/** What a rule that Defender runs all the time must not have. */
const NOT_CONTINUOUS = /\b(join|union|externaldata|let)\b/;
const MOST_TITLE_COLUMNS = 3;
const ASSET =
  /^(?:DeviceId|DeviceName|RemoteDeviceName|Account(?:ObjectId|Sid|Upn)|InitiatingProcessAccount(?:ObjectId|Sid|Upn)|RecipientEmailAddress|SenderFromAddress|SenderMailFromAddress|RecipientObjectId)$/;

/** For teams that keep a rule here and in Defender: what the portal and its API refuse. */
export const wantedByDefender: LintCheck = {
  id: 'custom-detection',
  description: 'With `--for custom-detection`: what Defender itself would not accept as a custom detection rule.',
  why: 'Defender refuses such a rule when it is saved, or it never fires there: columns are missing, the schedule is none of its own, or the query has two time filters.',
  mend: 'Return `Timestamp`, `ReportId` and a column of a device, account or mailbox, run every 1h, 3h, 12h or 24h, and leave the time to Defender.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  purpose: 'custom-detection',
  check: (rule, { prepared }) => [
    ...columnFaults(rule, prepared),
    ...scheduleFaults(rule, prepared),
    ...filterFaults(rule, prepared),
    ...alertFaults(rule),
  ],
};

function columnFaults({ map }: Rule, { columns, tables }: PreparedQuery): readonly Remark[] {
  if (columns === null) return [];
  const has = (name: string): boolean => columns.some((column) => column.name === name);
  const place = map.placeOf(['query']);
  const ofDevices = tables.some(({ table, role }) => role === 'driving' && table.startsWith('Device'));
  const missing = [
    ...(has('Timestamp') || has('TimeGenerated') ? [] : ['Timestamp']),
    ...(ofDevices && !has('DeviceId') ? ['DeviceId'] : []),
    ...(has('ReportId') ? [] : ['ReportId']),
  ];
  const remarks = missing.map((name) =>
    fault(place, `A custom detection must return ${name}, as its table has it.`, `Add ${name} to the result.`),
  );
  const hasAsset = columns.some(({ name }) => ASSET.test(name));
  if (hasAsset) return remarks;
  const message = 'A custom detection must return a column that names a device, an account or a mailbox.';
  return [
    ...remarks,
    fault(place, message, 'Return DeviceId, AccountObjectId, AccountSid, AccountUpn or RecipientEmailAddress.'),
  ];
}

function scheduleFaults({ schedule, query, map }: Rule, { tables }: PreparedQuery): readonly Remark[] {
  const place = map.placeOf(['schedule']);
  const suggestion =
    'Run it every 1h, 3h, 12h or 24h; more often only over one table, without join, union, let and externaldata.';
  if (schedule.kind === 'cron') return [fault(place, 'A custom detection has no cron.', suggestion)];
  if (FREQUENCIES_MS.includes(schedule.everyMs)) return [];
  const every = formatDuration(schedule.everyMs);
  if (schedule.everyMs > HOUR_MS) return [fault(place, `A custom detection does not run every ${every}.`, suggestion)];
  const found = NOT_CONTINUOUS.exec(queryCode(query));
  const single = new Set(tables.map(({ table }) => table)).size === 1;
  if (single && !found && !query.includes('//')) return [];
  const what = found ? `"${found[1]}"` : single ? 'comments' : 'several tables';
  return [
    fault(place, `Below an hour a custom detection runs continuously, which it cannot with ${what}.`, suggestion),
  ];
}

function filterFaults({ map }: Rule, { ownFilters }: PreparedQuery): readonly Remark[] {
  return ownFilters.slice(1).map(({ start }) => {
    const message = 'A custom detection takes one time filter at most, and Defender sets its own.';
    return fault(map.place(start), message, 'Leave the time to the window.');
  });
}

function alertFaults({ severity, alert, map }: Rule): readonly Remark[] {
  const texts = `${alert.title ?? ''} ${alert.description ?? ''}`;
  const named = new Set([...texts.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map(([, name]) => name));
  return [
    ...(severity === 'critical'
      ? [fault(map.placeOf(['severity']), 'Defender knows no severity "critical".', 'Write high.')]
      : []),
    ...(named.size > MOST_TITLE_COLUMNS
      ? [
          fault(
            map.placeOf(['alert', 'title']),
            `Title and description of a custom detection name ${MOST_TITLE_COLUMNS} columns at most, these ${named.size}.`,
            'Put the others into "alert.details".',
          ),
        ]
      : []),
  ];
}

function fault(place: Remark['place'], message: string, suggestion: string): Remark {
  return { place, message, suggestion };
}
