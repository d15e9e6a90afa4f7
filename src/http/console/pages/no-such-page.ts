import type { Frame, PageParts } from '../frame.ts';
import { markup } from '../markup.ts';

export function noSuchPage({ base }: Frame): PageParts {
  const body = markup`<p>What was looked for is not there, or not any more.</p><p><a href="${base}/">Go to the overview</a></p>`;
  return { title: 'There is no such page', body, still: true, status: 404 };
}
