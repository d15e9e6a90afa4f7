import { readTime } from '../../actions/read-time.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { PageRoute } from './page-route.ts';
import { acknowledgeParts } from './pages/acknowledge.ts';
import { alertParts } from './pages/alert.ts';
import { type AlertsView, alertsFilter, alertsParts } from './pages/alerts.ts';
import { noSuchPage } from './pages/no-such-page.ts';
import { payloadParts } from './pages/payload.ts';
import { formText } from './parts/form.ts';
import { pathOf } from './parts/shown-words.ts';
import { performFor } from './perform-for.ts';

export const ALERT_ROUTES: readonly PageRoute[] = [
  {
    path: '/alerts',
    make: async (frame, { deps, query }) => {
      const view: AlertsView = query;
      const page = await deps.pages.alerts(alertsFilter(view), view.cursor ?? null);
      return alertsParts(page, view, deps.pages.names().tenants, frame);
    },
  },
  {
    path: '/alerts/:id',
    make: async (frame, { deps, query: { at }, params: { id = '' } }) => {
      const page = await deps.pages.alert(id, at === undefined ? null : readTime(at, 'at', frame.now));
      return page ? alertParts(page, at ?? null, frame) : noSuchPage(frame);
    },
  },
  {
    path: '/alerts/:id/as/:target',
    make: async (frame, { deps, params: { id = '', target = '' } }) => {
      return payloadParts(await deps.pages.rendered(id, target), { id, target }, frame);
    },
  },
  {
    path: '/alerts/:id/acknowledge',
    scope: 'write',
    make: async (frame, { deps, params: { id = '' } }) => {
      const page = await deps.pages.alert(id, null);
      return page ? acknowledgeParts(page.alert, frame) : noSuchPage(frame);
    },
    write: async (context, sent) => {
      const { id = '' } = sent.params;
      const disposition = formText(sent.form, 'disposition');
      if (!['', 'true', 'false', 'benign'].includes(disposition))
        throw new HuntwireError('USAGE', `"${disposition}" is nothing that an alert can turn out to be.`);
      await performFor(context, sent, 'acknowledge_alert', { id, ...(disposition !== '' && { disposition }) });
      return context.redirect(`${sent.frame.base}/alerts${pathOf(id)}`, 303);
    },
  },
];
