import { readTime } from '../../actions/read-time.ts';
import { HOUR_MS } from '../../lib/duration.ts';
import { ALERT_ROUTES } from './alert-routes.ts';
import { LETTER_ROUTES } from './letter-routes.ts';
import type { PageMaker, PageRoute } from './page-route.ts';
import { attackParts } from './pages/attack.ts';
import { auditParts, machinesParts } from './pages/machines.ts';
import { noSuchPage } from './pages/no-such-page.ts';
import { overviewParts } from './pages/overview.ts';
import { targetsParts, tenantsParts } from './pages/places.ts';
import { ruleParts } from './pages/rule.ts';
import { rulesParts } from './pages/rules.ts';
import { testedParts } from './pages/tested.ts';
import { filled, rowBefore } from './parts/form.ts';
import { performFor } from './perform-for.ts';
import { tellRow } from './row-route.ts';
import { SILENCE_ROUTES } from './silence-routes.ts';
import { TRY_ROUTE } from './try-route.ts';

export const HOME: PageMaker = async (frame, { deps }) => overviewParts(await deps.pages.overview(), frame);

const LONGEST_SPAN_H = 30 * 24;
const SHORTEST_SPAN_H = 1 / 4;

const showRules: PageMaker = async (frame, { deps, query }) => {
  const { first = '0', ...filter } = query;
  const from = Math.min(1_000_000, Math.max(0, Number.parseInt(first, 10) || 0));
  return rulesParts(await deps.pages.rules(filter, from), filter, frame);
};

const showRule: PageMaker = async (frame, { deps, query, params }) => {
  const { span, to, at, before } = query;
  const hours = Math.min(LONGEST_SPAN_H, Math.max(SHORTEST_SPAN_H, Number(span ?? 24) || 24));
  const page = await deps.pages.rule({
    ...{ tenant: params.tenant ?? '', id: params.id ?? '', spanMs: hours * HOUR_MS },
    to: to === undefined ? null : readTime(to, 'to', frame.now),
    before: rowBefore(before),
    at: at === undefined ? null : readTime(at, 'at', frame.now),
  });
  return page ? ruleParts(page, { span, to, at }, frame) : noSuchPage(frame);
};

const OTHERS: readonly PageRoute[] = [
  { path: '/', make: HOME },
  { path: '/rules', make: showRules },
  { path: '/rules/:tenant/:id', make: showRule },
  {
    path: '/rules/:tenant/:id/test',
    scope: 'run',
    make: async (frame) => noSuchPage(frame),
    write: async (context, sent) => {
      const { id = '', tenant = '' } = sent.params;
      return testedParts(await performFor(context, sent, 'test_rules', { rule: [id] }), { id, tenant }, sent.frame);
    },
  },
  {
    path: '/rules/:tenant/:id/row',
    scope: 'run',
    make: async (frame) => noSuchPage(frame),
    write: tellRow,
  },
  { path: '/attack', make: async (frame, { deps }) => attackParts(await deps.pages.attack(), frame) },
  { path: '/tenants', make: async (_, { deps }) => tenantsParts(await deps.pages.tenants()) },
  { path: '/targets', make: async (frame, { deps }) => targetsParts(await deps.pages.targets(), frame) },
  { path: '/machines', make: async (frame, { deps }) => machinesParts(await deps.pages.machines(), frame) },
  {
    path: '/audit',
    make: async (frame, { deps, query: { who, action, before } }) => {
      const page = await deps.pages.audit(filled({ who, action }), rowBefore(before));
      return auditParts(page, { who, action }, frame);
    },
  },
];

export const PAGES: readonly PageRoute[] = [...OTHERS, ...ALERT_ROUTES, ...LETTER_ROUTES, ...SILENCE_ROUTES, TRY_ROUTE];
