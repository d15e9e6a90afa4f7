const CLOUD_HOST = /\.atlassian\.net$|^api\.atlassian\.com$/i;
const VERSIONED = /\/rest\/api\/([23])\/*$/;

/** Where a Jira's REST API is. */
export interface JiraAddress {
  readonly url: URL;
  /** Cloud speaks version 3, Data Center version 2. */
  readonly isCloud: boolean;
}

/** The host tells which one it is; an address that ends in /rest/api/3 or /rest/api/2 says so itself. */
export function jiraAddress(base: URL): JiraAddress {
  const told = VERSIONED.exec(base.pathname)?.[1];
  const isCloud = told === undefined ? CLOUD_HOST.test(base.hostname) : told === '3';
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(VERSIONED, '').replace(/\/+$/, '')}/rest/api/${isCloud ? 3 : 2}`;
  return { url, isCloud };
}
