import type { Target, TargetDeps } from './target.ts';
import { jiraAddress } from './tickets/jira-address.ts';
import { createJiraDesk, type JiraTalk } from './tickets/jira-desk.ts';
import { deliverTicket } from './tickets/ticket-flow.ts';
import { vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import { authorizationOf, type RequestAuth, requestAuthSchema } from './webhook/request-auth.ts';
import { requestUrl } from './webhook/request-url.ts';

export interface JiraConfig extends VendorSettings {
  readonly type: 'jira';
  readonly url: NonNullable<VendorSettings['url']>;
  readonly project: string;
  readonly issueType?: string;
  readonly auth: RequestAuth;
  readonly resolveTransition?: string;
}

export const name = 'jira';
export const configSchema = vendorSchema({
  type: name,
  description: 'Creates one issue for each alert in Jira Cloud or Data Center, comments on it and closes it.',
  required: ['project', 'auth'],
  url: null,
  properties: {
    project: { type: 'string', minLength: 1, description: 'The key of the project, as `SEC` in SEC-123.' },
    issueType: { type: 'string', minLength: 1, default: 'Task', description: 'The name of the type of issue.' },
    auth: requestAuthSchema,
    resolveTransition: {
      type: 'string',
      minLength: 1,
      description:
        'What a resolve does to an issue that is open: the name of a transition, or of the status that it leads to. Without it a resolve is a comment.',
    },
  },
});

export function create(config: JiraConfig, deps: TargetDeps): Target {
  const where = `targets.${deps.name}`;
  const material = () => {
    const address = jiraAddress(requestUrl(config.url.reveal(), where));
    const authorization = authorizationOf(config.auth, where);
    const headers = {
      'user-agent': `huntwire/${deps.version}`,
      accept: 'application/json',
      ...(authorization && { authorization: authorization.value }),
    };
    return { ...address, headers, secrets: authorization?.secrets ?? [] };
  };
  return createVendorTarget({
    title: 'Jira',
    config,
    deps,
    material,
    own: new Map([[409, 'again']]),
    deliver: (talk: JiraTalk, delivery, signal) =>
      deliverTicket(createJiraDesk(talk, delivery.alert, config.resolveTransition ?? null, signal), delivery),
  });
}
