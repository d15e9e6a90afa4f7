import type { AuditPage, MachinesPage } from '../../../actions/pages/other-pages.ts';
import { countOf } from '../../../lib/text.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Hole, markup } from '../markup.ts';
import { address, filterForm, pager } from '../parts/form.ts';
import { facts, section, table } from '../parts/table.ts';
import { instantText, spanText } from '../parts/time-text.ts';
import { shownCell } from './alert.ts';
import { numberColumn } from './overview.ts';

/** Who is at work on the state. */
export function machinesParts({ runner, seen }: MachinesPage, { about }: Frame): PageParts {
  const reload = runner?.reload;
  const own = facts([
    ['Answers here', `${about.machine}, process ${about.pid}, version ${about.version}`],
    [
      'Runs rules and delivers',
      runner ? `${runner.machine}, process ${runner.pid}, version ${runner.version}` : 'nobody has said so',
    ],
    ['Since', runner && instantText(runner.startedAt)],
    ['Rules loaded', runner ? runner.rules.filter(({ refused }) => refused === undefined).length : null],
    ['Read again', reload ? markup`${instantText(reload.at)} by ${reload.trigger}: ${reload.outcome}` : null],
  ]);
  const rows = (seen?.machines ?? []).map((one): readonly Hole[] => [
    one.machine,
    ...[one.pid, one.verb, one.version, one.runs ? 'runs' : 'stands by'],
    instantText(one.startedAt),
    `${spanText(one.silentMs)} ago`,
    one.leases.map(({ kind, name, fence }) => `${kind === name ? kind : `${kind} ${name}`} (${fence})`).join(', ') ||
      '–',
  ]);
  const list = table({
    caption: 'Machines',
    columns: [
      'Machine',
      numberColumn('Process'),
      'Verb',
      'Version',
      'What it does',
      'Started',
      'Last heard',
      'Has (fence)',
    ],
    rows,
    none: seen === null ? 'The state is a file: nobody stands by.' : 'Nobody has said that it is there.',
  });
  const takeovers = seen === null ? null : markup`<p>${countOf(seen.takeovers, 'takeover')} within the last hour.</p>`;
  return {
    title: 'Machines',
    body: markup`${section('runner', 'Who works', own)}${section('machines', 'Who shares the work, or stands by', markup`${list}${takeovers}`)}`,
  };
}

export interface AuditView {
  readonly who?: string | undefined;
  readonly action?: string | undefined;
}

/** Who changed what, and when. */
export function auditParts({ entries, before }: AuditPage, view: AuditView, { base }: Frame): PageParts {
  const place = `${base}/audit`;
  const list = table({
    caption: 'Changes, the newest first',
    columns: ['When', 'Who', 'What', 'Of', 'Before', 'After'],
    rows: entries.map(({ at, who, action, subject, before, after }) => [
      instantText(at),
      markup`<a href="${address(place, { who })}">${who}</a>`,
      ...[action, subject, shownCell(before), shownCell(after)],
    ]),
    none: 'Nobody has changed anything, as far as is kept.',
  });
  return {
    title: 'Audit',
    body: markup`${filterForm(place, [
      { name: 'who', label: 'Who', value: view.who },
      { name: 'action', label: 'What', value: view.action },
    ])}${section('audit', 'The newest first', list)}${pager([['Older', before === null ? null : address(place, { ...view, before })]])}`,
  };
}
