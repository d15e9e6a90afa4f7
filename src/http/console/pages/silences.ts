import type { SilencesPage } from '../../../actions/pages/other-pages.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Markup, markup } from '../markup.ts';
import { address, writeForm } from '../parts/form.ts';
import { badge, facts, section, table } from '../parts/table.ts';
import { instantText } from '../parts/time-text.ts';
import { numberColumn } from './overview.ts';

/** What hides alerts, and a form to add a silence. */
export function silencesParts({ silences, maintenance }: SilencesPage, frame: Frame): PageParts {
  const mayWrite = frame.visit.scopes.includes('write');
  const list = table({
    caption: 'Silences',
    columns: ['Silence', 'State', 'Matches', 'Reason', 'Owner', 'Starts', 'Ends', numberColumn('Hidden'), 'From'],
    rows: silences.map((one) => [
      one.id,
      badge(one.state, one.state === 'active' ? 'warn' : 'calm'),
      one.match.join(', '),
      ...[one.reason, one.owner],
      one.starts === null ? 'before' : instantText(one.starts),
      markup`${instantText(one.ends)}${mayWrite && one.from === 'state' && one.state !== 'ended' ? expireLink(one.id, frame) : null}`,
      ...[one.hidden, one.from],
    ]),
    none: 'There is none.',
  });
  const times = table({
    caption: 'Maintenance',
    columns: ['Maintenance', 'Matches', 'Reason', 'Owner', 'On until', numberColumn('Hidden')],
    rows: maintenance.map(({ name, match, reason, owner, until, hidden }) => [
      ...[name, match.join(', '), reason, owner],
      until === null ? 'not on' : instantText(until),
      hidden,
    ]),
    none: 'There is none.',
  });
  return {
    title: 'Silences',
    body: markup`${section('silences', 'Silences', list)}${section('maintenance', 'Maintenance', times)}${mayWrite ? addForm(frame) : null}`,
  };
}

function expireLink(id: string, { base }: Frame): Markup {
  return markup` <a href="${address(`${base}/silences/expire`, { id })}">Expire</a>`;
}

function addForm({ base }: Frame): Markup {
  const field = (name: string, label: string, more: Markup): Markup =>
    markup`<div><label for="s-${name}">${label}</label><input id="s-${name}" name="${name}" ${more}></div>`;
  return markup`<section aria-labelledby="add-title"><h2 id="add-title">Add one</h2>
<form class="filter" method="get" action="${base}/silences/add">
<div><label for="s-match">Matchers, one a line, such as rule="x"; all must hold</label><textarea id="s-match" name="match" rows="3" required></textarea></div>
${field('for', 'For how long', markup`value="4h" required`)}${field('reason', 'Reason', markup`required`)}${field('owner', 'Owner', markup`required`)}
<button>Go on</button></form></section>`;
}

export interface SilenceAsked {
  readonly match?: string | undefined;
  readonly for?: string | undefined;
  readonly reason?: string | undefined;
  readonly owner?: string | undefined;
}

/** Asks once more before a silence is added. */
export function silenceAddParts(
  { match = '', for: length = '', reason = '', owner = '' }: SilenceAsked,
  frame: Frame,
): PageParts {
  return {
    title: 'Add this silence?',
    body: markup`<p>Alerts that match are hidden from now on, also what happened before; what was hidden is told in one alert when it ends.</p>${facts(
      [
        ['Matchers', matchersOf(match).join(', ')],
        ['For', length],
        ['Reason', reason],
        ['Owner', owner],
      ],
    )}${writeForm(frame.visit, {
      action: `${frame.base}/silences/add`,
      button: 'Add it',
      hidden: { match, for: length, reason, owner },
    })}<p><a href="${frame.base}/silences">Leave it</a></p>`,
    still: true,
  };
}

export function matchersOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export function silenceExpireParts(id: string, frame: Frame): PageParts {
  return {
    title: 'Expire this silence?',
    body: markup`<p>${id} hides nothing any more from now on.</p>${writeForm(frame.visit, {
      action: `${frame.base}/silences/expire`,
      button: 'Expire it',
      hidden: { id },
    })}<p><a href="${frame.base}/silences">Leave it</a></p>`,
    still: true,
  };
}
