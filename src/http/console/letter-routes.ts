import type { PageRoute } from './page-route.ts';
import { letterChangeParts, letterParts, lettersParts } from './pages/letters.ts';
import { noSuchPage } from './pages/no-such-page.ts';
import { filled, formText, rowBefore } from './parts/form.ts';
import { performFor } from './perform-for.ts';

const LETTER_ID = /^\d{1,15}$/;

export const LETTER_ROUTES: readonly PageRoute[] = [
  {
    path: '/letters',
    make: async (frame, { deps, query: { target, reason, before } }) => {
      const page = await deps.pages.letters({ target: target ?? null, ...filled({ reason }) }, rowBefore(before));
      return lettersParts(page, { target, reason }, deps.pages.names().targets, frame);
    },
  },
  ...(['replay', 'drop'] as const).map(
    (what): PageRoute => ({
      path: `/letters/${what}`,
      scope: 'write',
      make: async (frame, { query: { id, target, reason } }) => letterChangeParts({ what, id, target, reason }, frame),
      write: async (context, sent) => {
        const [id, target, reason] = ['id', 'target', 'reason'].map((name) => formText(sent.form, name));
        const filter = filled({ target, reason });
        const isAll = id === '' && Object.keys(filter).length === 0;
        const input = { ...(id ? { ids: [id] } : filter), ...(isAll && { all: true }) };
        await performFor(context, sent, `${what}_dead_letter`, input);
        return context.redirect(`${sent.frame.base}/letters`, 303);
      },
    }),
  ),
  {
    path: '/letters/:id',
    make: async (frame, { deps, params: { id = '' } }) => {
      const letter = LETTER_ID.test(id) ? await deps.pages.letter(Number(id)) : null;
      return letter ? letterParts(letter, frame) : noSuchPage(frame);
    },
  },
];
