import type { PageRoute } from './page-route.ts';
import { matchersOf, silenceAddParts, silenceExpireParts, silencesParts } from './pages/silences.ts';
import { formText } from './parts/form.ts';
import { performFor } from './perform-for.ts';

export const SILENCE_ROUTES: readonly PageRoute[] = [
  { path: '/silences', make: async (frame, { deps }) => silencesParts(await deps.pages.silences(), frame) },
  {
    path: '/silences/add',
    scope: 'write',
    make: async (frame, { query }) => silenceAddParts(query, frame),
    write: async (context, sent) => {
      const text = (name: string): string => formText(sent.form, name);
      const input = {
        match: matchersOf(text('match')),
        for: text('for'),
        reason: text('reason'),
        owner: text('owner'),
      };
      await performFor(context, sent, 'add_silence', input);
      return context.redirect(`${sent.frame.base}/silences`, 303);
    },
  },
  {
    path: '/silences/expire',
    scope: 'write',
    make: async (frame, { query: { id = '' } }) => silenceExpireParts(id, frame),
    write: async (context, sent) => {
      await performFor(context, sent, 'expire_silence', { ids: [formText(sent.form, 'id')] });
      return context.redirect(`${sent.frame.base}/silences`, 303);
    },
  },
];
