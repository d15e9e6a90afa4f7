import type { AlertPageOf } from '../../../actions/pages/alert-page.ts';
import type { Frame, PageParts } from '../frame.ts';
import { markup } from '../markup.ts';
import { writeForm } from '../parts/form.ts';
import { pathOf } from '../parts/shown-words.ts';

const TURNED_OUT = [
  ['', 'not known yet'],
  ['true', 'a true alert'],
  ['false', 'a false alert'],
  ['benign', 'something that may be'],
] as const;

/** Asks once more before an alert is acknowledged. */
export function acknowledgeParts({ id, title }: AlertPageOf['alert'], { base, visit }: Frame): PageParts {
  const choices = TURNED_OUT.map(([value, words]) => markup`<option value="${value}">${words}</option>`);
  const place = `${base}/alerts${pathOf(id)}`;
  return {
    title: 'Take this alert on?',
    body: markup`<p>${title}</p><p>You are named as the one who has it. It is escalated no further, and updated no more, but where its severity rises.</p>${writeForm(
      visit,
      {
        action: `${place}/acknowledge`,
        button: 'Take it on',
        body: markup`<p><label for="disposition">What it turned out to be</label><select id="disposition" name="disposition">${choices}</select></p>`,
      },
    )}<p><a href="${place}">Leave it</a></p>`,
    still: true,
  };
}
