import type { Context } from 'hono';
import type { FindingsSeen } from '../../actions/pages/findings.ts';
import type { TriedResult } from '../../actions/pages/tried-result.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { isForLog } from '../http-status.ts';
import type { FormSent, PageRoute } from './page-route.ts';
import { NOTHING_TRIED, type Tried, type TryShown, type TryView, tryParts } from './pages/try.ts';
import { formText } from './parts/form.ts';
import { performFor } from './perform-for.ts';

const MOST_ROWS = 500;
const LONGEST_QUERY = 100_000;

export const TRY_ROUTE: PageRoute = {
  path: '/try',
  make: async (frame, { deps, query: { kql = '', on = '' } }) => {
    const view = { kql, on, tenants: deps.pages.names().tenants, quota: await quotaOf(deps) };
    return tryParts(deps.tries, view, NOTHING_TRIED, frame);
  },
  write: async (context, sent) => {
    const { deps, form, frame, visit } = sent;
    if (!visit.scopes.includes('run')) throw new HuntwireError('USAGE', 'To ask, a scope "run" is needed.');
    const [kql, on] = [formText(form, 'kql'), formText(form, 'on')];
    if (kql.length > LONGEST_QUERY)
      throw new HuntwireError(
        'USAGE',
        `A query here has at most ${LONGEST_QUERY} characters; this one has ${kql.length}.`,
      );
    const isOnlyChecked = formText(form, 'do') === 'check';
    const tried = await checkAndTry(context, sent, { kql, on, isOnlyChecked });
    const view = { kql, on, tenants: deps.pages.names().tenants, quota: await quotaOf(deps) };
    return tryParts(deps.tries, view, tried, frame);
  },
};

interface Wanted {
  readonly kql: string;
  readonly on: string;
  readonly isOnlyChecked: boolean;
}

/** A tenant is not asked, and none of its quota spent, for what does not parse. */
async function checkAndTry(context: Context, sent: FormSent, { kql, on, isOnlyChecked }: Wanted): Promise<TryShown> {
  const checks = checked(sent, kql, context.req.raw.signal);
  if (isOnlyChecked) return { tried: null, findings: await checks };
  if (on === 'local') {
    const [tried, findings] = await Promise.all([tryIt(context, sent, kql, on), checks]);
    return { tried, findings };
  }
  const findings = await checks;
  const error = refusalOf(findings);
  return { tried: error ? { kind: 'failed', error } : await tryIt(context, sent, kql, on), findings };
}

/** What keeps the checks from looking keeps nobody from asking. */
async function checked({ deps }: FormSent, kql: string, signal: AbortSignal): Promise<FindingsSeen> {
  try {
    return { kind: 'known', findings: await deps.tries.check(kql, signal) };
  } catch (thrown) {
    return { kind: 'failed', why: toHuntwireError(thrown).message };
  }
}

function refusalOf(seen: FindingsSeen): HuntwireError | null {
  if (seen.kind !== 'known') return null;
  const isWrong = seen.findings.some(({ check, severity }) => check === 'query-finding' && severity === 'error');
  return isWrong ? new HuntwireError('KQL_SYNTAX', 'It was not sent: it does not parse.') : null;
}

/** What is wrong with a query is part of the page; what is wrong with this process is not. */
async function tryIt(context: Context, sent: FormSent, kql: string, on: string): Promise<Tried> {
  try {
    return await ask(context, sent, kql, on);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (isForLog(error.code)) throw error;
    return { kind: 'failed', error };
  }
}

async function ask(context: Context, sent: FormSent, kql: string, on: string): Promise<Tried> {
  const { tries } = sent.deps;
  const tenant = /^tenant:(.+)$/.exec(on)?.[1];
  if (tenant !== undefined && tries.tenant) {
    const result = (await performFor(context, sent, 'run_query', { kql, tenant, limit: MOST_ROWS })) as TriedResult;
    return { kind: 'result', result: drawn(result, kql, tries) };
  }
  if (on !== 'local' || !tries.local) throw notThere();
  return { kind: 'result', result: drawn(await tries.local(kql, context.req.raw.signal), kql, tries) };
}

/** A tenant's answer has no chart yet, and one of local data only where the query asks for it. */
function drawn(result: TriedResult, kql: string, { chart }: FormSent['deps']['tries']): TriedResult {
  return result.chart ? result : { ...result, chart: chart(kql, result) };
}

/** What tenants that may be asked have left. */
async function quotaOf({ tries, pages }: FormSent['deps']): Promise<TryView['quota']> {
  return tries.tenant ? (await pages.tenants()).quota : [];
}

function notThere(): HuntwireError {
  return new HuntwireError('USAGE', 'That cannot be asked here.');
}
