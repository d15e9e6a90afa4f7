import type { App } from '../../app.ts';

/** What of an app runs; its tenants stay where nobody listens for others. */
export type RunningApp = Pick<App, 'config' | 'tenants' | 'targets' | 'runs' | 'deliveries'> &
  Partial<Pick<App, 'listenToTenants' | 'broken' | 'openApart'>>;
