import type { Received } from '../http-receiver.ts';
import { type Fault, objectIn, startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';
import type { StandInTicket, TicketStandIn } from './tickets.ts';

type Json = Readonly<Record<string, unknown>>;

export interface JiraRules {
  readonly version: 2 | 3;
  readonly authorization: string;
  /** Whether issues of the project have a priority. */
  readonly priorities?: boolean;
  /** From an open issue; the second leads to a closed one. */
  readonly transitions?: readonly {
    readonly id: string;
    readonly name: string;
    readonly to: string;
    readonly closes: boolean;
  }[];
}

interface Issue extends StandInTicket {
  readonly labels: readonly string[];
}

const TRANSITIONS = [
  { id: '11', name: 'Start work', to: 'In Progress', closes: false },
  { id: '31', name: 'Close issue', to: 'Done', closes: true },
];
const PRIORITIES = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const MAX_TEXT = 32_767;
const MARKS = ['strong', 'link'];
const GONE: VendorReply = no(404, ['Issue does not exist or you do not have permission to see it.']);

/** Jira with one project, SEC, as its REST API says: v3 takes documents and has its own search, v2 takes text; nothing keeps two issues apart. */
export async function startJira(rules: JiraRules, faults: Fault[] = []): Promise<TicketStandIn> {
  const issues = new Map<string, Issue>();
  const vendor: VendorStandIn = await startVendor((request) => replyOf(request, issues, rules), faults);
  const change = (key: string, changes: Partial<Issue>): void => {
    const issue = issues.get(key);
    if (issue) issues.set(key, { ...issue, ...changes });
  };
  return {
    ...vendor,
    base: `${vendor.base}/rest/api/${rules.version}`,
    tickets: () => [...issues.values()],
    close: (key) => change(key, { isOpen: false }),
    remove: (key) => issues.delete(key),
    stop: vendor.close,
  };
}

function replyOf(request: Received, issues: Map<string, Issue>, rules: JiraRules): VendorReply {
  if (request.headers.authorization !== rules.authorization) return no(401, ['You are not authenticated.']);
  const [path = '', query = ''] = request.path.replace(`/rest/api/${rules.version}`, '').split('?');
  const search = rules.version === 3 ? '/search/jql' : '/search';
  if (path === search && request.method === 'POST') return found(issues, objectIn(request) ?? {});
  if (rules.version === 3 && path === '/search') return no(410, ['The requested API has been removed.']);
  if (path === '/issue' && request.method === 'POST') return created(issues, objectIn(request) ?? {}, rules);
  const [, key = '', part = ''] = /^\/issue\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  if (key === '') return { status: 404, body: '<html>no such page</html>' };
  const issue = issues.get(key);
  if (!issue) return GONE;
  if (part === 'comment') return comments(issues, issue, request, rules);
  if (part === 'transitions') return transitions(issues, issue, request, rules);
  if (request.method === 'PUT') return edited(issues, issue, objectIn(request) ?? {}, rules);
  const statusCategory = { key: issue.isOpen ? 'indeterminate' : 'done' };
  if (!query.includes('fields=status')) return no(400, ['ask for the status only']);
  return { status: 200, body: { key, fields: { status: { name: 'x', statusCategory } } } };
}

function found(issues: ReadonlyMap<string, Issue>, { jql, maxResults }: Json): VendorReply {
  const [, project, label] =
    /^project = "([^"]+)" AND labels = "([^"]+)" ORDER BY created ASC$/.exec(String(jql)) ?? [];
  if (project !== 'SEC') return no(400, [`The value '${project}' does not exist for the field 'project'.`]);
  if (label === undefined || typeof maxResults !== 'number') return no(400, ['Error in the JQL Query']);
  const all = [...issues.values()].filter(({ labels }) => labels.includes(label));
  return {
    status: 200,
    body: { issues: all.slice(0, maxResults).map(({ key, labels }) => ({ key, fields: { labels } })) },
  };
}

function created(issues: Map<string, Issue>, { fields }: Json, rules: JiraRules): VendorReply {
  const { project, issuetype, summary, description, labels, priority } = (fields ?? {}) as Json;
  const errors: Record<string, string> = {};
  if (nameIn(project, 'key') !== 'SEC') errors.project = "Specify a valid project ID or key: it's required";
  if (nameIn(issuetype, 'name') !== 'Task') errors.issuetype = 'Specify an issue type';
  if (typeof summary !== 'string' || summary.trim() === '' || /[\r\n]/.test(summary) || summary.length > 255)
    errors.summary = 'The summary is invalid';
  if (!takes(description, rules)) errors.description = 'Operation value must be an Atlassian Document, or text';
  const texts = Array.isArray(labels) ? labels.map(String) : [];
  if (texts.some((label) => /\s/.test(label) || label.length > 255)) errors.labels = "The label can't contain spaces.";
  if (rules.priorities === false && priority !== undefined)
    errors.priority = "Field 'priority' cannot be set. It is not on the appropriate screen, or unknown.";
  if (rules.priorities !== false && !PRIORITIES.includes(nameIn(priority, 'name')))
    errors.priority = 'no such priority';
  if (Object.keys(errors).length > 0) return { status: 400, body: { errorMessages: [], errors } };
  const key = `SEC-${issues.size + 1}`;
  const alertId = texts.map((label) => /^huntwire-(\w+)$/.exec(label)?.[1]).find((id) => id !== undefined) ?? '';
  issues.set(key, { key, alertId, isOpen: true, notes: [], labels: texts, document: fields as Json });
  return { status: 201, body: { id: '1', key, self: 'x' } };
}

function edited(issues: Map<string, Issue>, issue: Issue, { fields }: Json, rules: JiraRules): VendorReply {
  const { priority, ...others } = (fields ?? {}) as Json;
  const isKnown = rules.priorities !== false && PRIORITIES.includes(nameIn(priority, 'name'));
  if (!isKnown || Object.keys(others).length > 0)
    return { status: 400, body: { errorMessages: [], errors: { priority: 'no' } } };
  issues.set(issue.key, { ...issue, document: { ...issue.document, priority } });
  return { status: 204 };
}

function comments(issues: Map<string, Issue>, issue: Issue, request: Received, rules: JiraRules): VendorReply {
  if (request.method === 'GET') {
    const latestFirst = [...issue.notes].reverse();
    const most = Number(/maxResults=(\d+)/.exec(request.path)?.[1]);
    return { status: 200, body: { comments: latestFirst.slice(0, most).map((note) => ({ body: note })) } };
  }
  const { body } = objectIn(request) ?? {};
  if (!takes(body, rules)) return no(400, ['Comment body is not valid!']);
  issues.set(issue.key, { ...issue, notes: [...issue.notes, JSON.stringify(body)] });
  return { status: 201, body: { id: '10' } };
}

function transitions(issues: Map<string, Issue>, issue: Issue, request: Received, rules: JiraRules): VendorReply {
  const offered = issue.isOpen ? (rules.transitions ?? TRANSITIONS) : [];
  if (request.method === 'GET')
    return { status: 200, body: { transitions: offered.map(({ id, name, to }) => ({ id, name, to: { name: to } })) } };
  const { transition } = objectIn(request) ?? {};
  const chosen = offered.find(({ id }) => id === nameIn(transition, 'id'));
  if (!chosen) return no(400, [`Transition id is not valid for this issue.`]);
  issues.set(issue.key, { ...issue, isOpen: !chosen.closes });
  return { status: 204 };
}

function takes(value: unknown, { version }: JiraRules): boolean {
  if (version === 2) return typeof value === 'string' && value.length <= MAX_TEXT;
  const document = value as Json | null;
  return (
    document?.type === 'doc' &&
    document.version === 1 &&
    isDocument(document) &&
    JSON.stringify(value).length <= MAX_TEXT
  );
}

/** Known nodes, no empty text, known marks: what the format's schema asks for and Jira answers 400 to. */
function isDocument(node: Json): boolean {
  const { type, text, marks = [], content } = node;
  if (type === 'text')
    return (
      typeof text === 'string' && text !== '' && (marks as Json[]).every((mark) => MARKS.includes(String(mark.type)))
    );
  if (type === 'hardBreak') return content === undefined;
  if (!['doc', 'paragraph', 'heading', 'codeBlock'].includes(String(type)) || !Array.isArray(content)) return false;
  return content.every((child: Json) => isDocument(child));
}

function nameIn(value: unknown, key: string): string {
  return String((value as Json | null | undefined)?.[key]);
}

function no(status: number, errorMessages: readonly string[]): VendorReply {
  return { status, body: { errorMessages, errors: {} } };
}
