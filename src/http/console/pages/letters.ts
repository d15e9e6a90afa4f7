import type { ConsolePages } from '../../../actions/pages/console-pages.ts';
import type { LettersPage } from '../../../actions/pages/other-pages.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Markup, markup } from '../markup.ts';
import { address, filterForm, pager, writeForm } from '../parts/form.ts';
import { pathOf } from '../parts/shown-words.ts';
import { facts, section, table } from '../parts/table.ts';
import { instantText } from '../parts/time-text.ts';
import { numberColumn } from './overview.ts';

type Letter = NonNullable<Awaited<ReturnType<ConsolePages['letter']>>>;

export interface LettersView {
  readonly target?: string | undefined;
  readonly reason?: string | undefined;
}

/** Dead letters, the newest first. */
export function lettersParts(
  { heads, before }: LettersPage,
  view: LettersView,
  targets: readonly string[],
  frame: Frame,
): PageParts {
  const place = `${frame.base}/letters`;
  const list = table({
    caption: 'Dead letters, the newest first',
    columns: [numberColumn('Number'), 'Target', 'Reason', 'Status', numberColumn('Attempts'), 'Last tried', 'Alert'],
    rows: heads.map(({ id, target, reason, status, attempts, lastAt, alertId }) => [
      markup`<a href="${place}/${id}">${id}</a>`,
      ...[target, reason, status ?? '–', attempts, instantText(lastAt)],
      markup`<a href="${frame.base}/alerts${pathOf(alertId)}">${alertId.slice(0, 12)}</a>`,
    ]),
    none: 'There is none.',
  });
  const all = heads.length > 0 && frame.visit.scopes.includes('write');
  return {
    title: 'Dead letters',
    body: markup`${filterForm(place, [
      { name: 'target', label: 'Target', value: view.target, options: targets },
      { name: 'reason', label: 'Reason holds', value: view.reason },
    ])}
${section('letters', 'The newest first', list)}${pager([
  ['Older', before === null ? null : address(place, { ...view, before })],
  ['Replay all of these', all ? address(`${place}/replay`, { ...view }) : null],
  ['Drop all of these', all ? address(`${place}/drop`, { ...view }) : null],
])}`,
  };
}

/** One with the answer that refused it. */
export function letterParts(letter: Letter, frame: Frame): PageParts {
  const { id, target, reason, status, attempts, firstAt, lastAt, alertId, answer, alert } = letter;
  const { base } = frame;
  return {
    title: `Dead letter ${id}`,
    body: markup`${facts([
      ['Target', target],
      ['Reason', reason],
      ['Status', status ?? '–'],
      ['Attempts', attempts],
      ['First tried', instantText(firstAt)],
      ['Last tried', instantText(lastAt)],
      ['Alert', markup`<a href="${base}/alerts${pathOf(alertId)}">${alert.title || alertId}</a>`],
    ])}<h2>The answer</h2><pre tabindex="0">${answer === '' ? 'There was none.' : answer}</pre>${changesOf(id, frame)}
<p><a href="${base}/alerts${pathOf(alertId)}/as${pathOf(target)}">What ${target} would be sent</a></p>`,
    still: true,
  };
}

function changesOf(id: number, { base, visit }: Frame): Markup | null {
  if (!visit.scopes.includes('write')) return null;
  return markup`<p class="pager"><a class="button" href="${base}/letters/replay?id=${id}">Replay it</a> <a class="button" href="${base}/letters/drop?id=${id}">Drop it</a></p>`;
}

export interface LetterChangeAsked extends LettersView {
  readonly what: 'replay' | 'drop';
  readonly id?: string | undefined;
}

/** Asks once more before letters are changed. */
export function letterChangeParts(asked: LetterChangeAsked, frame: Frame): PageParts {
  const { what, id, target, reason } = asked;
  const which =
    id !== undefined
      ? `dead letter ${id}`
      : `every dead letter${target ? ` of ${target}` : ''}${reason ? ` whose reason holds "${reason}"` : ''}`;
  const words =
    what === 'replay'
      ? `It puts ${which} back into the outbox; the receiver may see an alert again.`
      : `It gives ${which} up for good. No target will get it.`;
  const hidden = {
    ...(id !== undefined && { id }),
    ...(target !== undefined && { target }),
    ...(reason !== undefined && { reason }),
  };
  return {
    title: what === 'replay' ? 'Replay?' : 'Drop?',
    body: markup`<p>${words}</p>${writeForm(frame.visit, {
      action: `${frame.base}/letters/${what}`,
      button: what === 'replay' ? 'Replay' : 'Drop for good',
      hidden,
      ...(what === 'drop' && { isDangerous: true }),
    })}<p><a href="${frame.base}/letters">Leave it</a></p>`,
    still: true,
  };
}
