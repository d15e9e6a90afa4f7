import type { Alert } from '../../alerts/alert.ts';
import type { JsonObject } from '../../formats/presets/preset.ts';
import { blocked, refused } from '../delivery-result.ts';
import type { Talk, VendorAnswer } from '../vendor-target.ts';
import type { Material } from '../webhook/sender.ts';
import { jsonOf, objectOf, objectsOf, textIn } from './answer-json.ts';
import { readable } from './readable-answer.ts';
import { stepFailed, type TicketDesk, type TicketStep } from './ticket-flow.ts';

export type JiraTalk = Talk<Material & { readonly isCloud: boolean }>;

/** Changes fields of an issue that is there. */
type Edit = (key: string, fields: JsonObject) => Promise<VendorAnswer>;

/** How many of the latest comments are looked through for one of ours. */
const LATEST_COMMENTS = 'orderBy=-created&maxResults=20';
const GONE: TicketStep = { kind: 'done', ticket: null };
/** What an issue is made with that no project can do without: a wrong one is a mistake of the configuration. */
const CONFIGURED: ReadonlyMap<string, string> = new Map([
  ['project', 'project'],
  ['issuetype', 'issueType'],
]);

/** The issue of one alert (REST API v3 of Jira Cloud, v2 of Data Center). */
export function createJiraDesk(
  { material, isRehearsed, body, send, shown }: JiraTalk,
  alert: Alert,
  resolveTransition: string | null,
  signal: AbortSignal,
): TicketDesk {
  const form = material.isCloud ? 'Document' : 'Text';
  const post = (path: string, document: JsonObject) => send({ path, body: document }, signal);
  const get = (path: string) => send({ method: 'GET', path }, signal);
  const edit: Edit = (key, fields) => send({ method: 'PUT', path: pathOf(key), body: { fields } }, signal);

  const find: TicketDesk['find'] = async () => {
    const found = await post(material.isCloud ? '/search/jql' : '/search', body('search', alert));
    const asked = readable(found, 'which issues there are');
    if (asked.result.kind !== 'delivered') return stepFailed(unsearchable(asked, shown) ?? asked.result);
    return issueIn(asked, alert);
  };

  const create: TicketDesk['create'] = async () => {
    const issue = body(`issue${form}`, alert);
    const first = await post('/issue', issue);
    const made = complaintsOf(first).has('priority') ? await post('/issue', withoutPriority(issue)) : first;
    if (made.result.kind === 'delivered') return { kind: 'done', ticket: textIn(objectOf(jsonOf(made.answer)).key) };
    return stepFailed(misconfigured(made, shown) ?? made.result);
  };

  const update: TicketDesk['update'] = async (key) => {
    const raised = await raisePriority(key, edit, alert, body(`issue${form}`, alert));
    if (raised.kind === 'failed' || raised.ticket === null) return raised;
    const known = await get(`${pathOf(key)}/comment?${LATEST_COMMENTS}`);
    if (known.result.kind !== 'delivered') return missing(known);
    if (mentions(known.answer?.text ?? '', alert)) return { kind: 'done', ticket: key };
    const said = await post(`${pathOf(key)}/comment`, body(`comment${form}`, alert));
    return said.result.kind === 'delivered' ? { kind: 'done', ticket: key } : missing(said);
  };

  const transition = async (key: string, wanted: string): Promise<TicketStep> => {
    const offered = readable(await get(`${pathOf(key)}/transitions`), 'which transitions there are');
    if (offered.result.kind !== 'delivered') return missing(offered);
    const transitions = objectsOf(objectOf(jsonOf(offered.answer)).transitions);
    const id = isRehearsed ? `(of ${wanted})` : textIn(transitionNamed(transitions, wanted)?.id);
    if (id === null) return stepFailed(refused(shown(noTransition(key, wanted, transitions))));
    const moved = await post(`${pathOf(key)}/transitions`, { transition: { id } });
    return moved.result.kind === 'delivered' ? { kind: 'done', ticket: key } : missing(moved);
  };

  const resolve: TicketDesk['resolve'] = async (key) => {
    const now = readable(await get(`${pathOf(key)}?fields=status`), 'whether the issue is closed');
    if (now.result.kind !== 'delivered') return missing(now);
    if (isClosed(objectOf(jsonOf(now.answer)))) return { kind: 'done', ticket: key };
    const said = await update(key);
    if (said.kind === 'failed' || said.ticket === null || resolveTransition === null) return said;
    return transition(key, resolveTransition);
  };

  return { find, create, update, resolve };
}

/** Whoever looks at the queue sees that it has become worse; where nobody may change a priority, the comment says it alone. */
async function raisePriority(key: string, edit: Edit, { change }: Alert, issue: JsonObject): Promise<TicketStep> {
  const same: TicketStep = { kind: 'done', ticket: key };
  if (change?.kind !== 'severity') return same;
  const { priority = null } = objectOf(issue.fields);
  const edited = await edit(key, { priority });
  const isOver = edited.result.kind === 'delivered' || edited.answer?.status === 400 || edited.answer?.status === 403;
  return isOver ? same : missing(edited);
}

/** What finds whatever there is, such as a gateway that drops the query, must not have an alert taken for one that has its issue. */
function issueIn({ answer }: VendorAnswer, { id }: Alert): TicketStep {
  const [issue] = objectsOf(objectOf(jsonOf(answer)).issues);
  const { labels } = objectOf(issue?.fields);
  const isOfAnother = Array.isArray(labels) && !labels.some((label) => String(label).includes(id));
  if (isOfAnother) return stepFailed(blocked('Jira answers a search by label with other issues'));
  return { kind: 'done', ticket: textIn(issue?.key) };
}

/** Whether the message of the alert stands in a text already. */
function mentions(text: string, { id, revision }: Alert): boolean {
  return new RegExp(`${id}, revision ${revision}(?!\\d)`).test(text);
}

function pathOf(key: string): string {
  return `/issue/${encodeURIComponent(key)}`;
}

/** Jira says of an issue that it is not there in a document of its own; a page of something else that says 404 is another matter. */
function missing({ result, answer }: VendorAnswer): TicketStep {
  const isJira = Array.isArray(objectOf(jsonOf(answer)).errorMessages);
  return answer?.status === 404 && isJira ? GONE : stepFailed(result);
}

/** What Jira does not like, by the name of the field. */
function complaintsOf({ answer }: VendorAnswer): ReadonlyMap<string, unknown> {
  return new Map(answer?.status === 400 ? Object.entries(objectOf(objectOf(jsonOf(answer)).errors)) : []);
}

/** Nothing in a search is the alert's but its id: what Jira does not like is the project. */
function unsearchable({ answer }: VendorAnswer, shown: JiraTalk['shown']): VendorAnswer['result'] | null {
  if (answer?.status !== 400) return null;
  const { errorMessages } = objectOf(jsonOf(answer));
  const why = Array.isArray(errorMessages) ? errorMessages.join(' ') : 'no reason';
  return blocked(shown(`Jira refuses to search the project: ${why}`), { status: 400, retryAfterMs: null });
}

/** Where project or type are not known, no issue can be made until someone has mended that: entries wait. */
function misconfigured(made: VendorAnswer, shown: JiraTalk['shown']): VendorAnswer['result'] | null {
  for (const [field, complaint] of complaintsOf(made)) {
    const setting = CONFIGURED.get(field);
    const told = { status: 400, retryAfterMs: null };
    if (setting) return blocked(shown(`Jira refuses the ${setting}: ${String(complaint)}`), told);
  }
  return null;
}

/** Projects may be without priorities. */
function withoutPriority(issue: JsonObject): JsonObject {
  const { priority: _, ...fields } = objectOf(issue.fields);
  return { fields };
}

function isClosed(issue: JsonObject): boolean {
  const status = objectOf(objectOf(issue.fields).status);
  return objectOf(status.statusCategory).key === 'done';
}

function transitionNamed(transitions: readonly JsonObject[], wanted: string): JsonObject | undefined {
  const is = (value: unknown): boolean => String(value).toLowerCase() === wanted.toLowerCase();
  return transitions.find(({ name }) => is(name)) ?? transitions.find(({ to }) => is(objectOf(to).name));
}

function noTransition(key: string, wanted: string, transitions: readonly JsonObject[]): string {
  const names = transitions.map(({ name }) => `"${String(name)}"`).join(', ');
  return `Jira has no transition "${wanted}" for ${key} as it stands; it offers ${names === '' ? 'none' : names}`;
}
