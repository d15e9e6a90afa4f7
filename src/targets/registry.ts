import type { Plugin } from '../lib/plugin.ts';
import * as alertmanager from './alertmanager.ts';
import * as elastic from './elastic.ts';
import * as email from './email.ts';
import * as file from './file.ts';
import * as jira from './jira.ts';
import * as logsIngestion from './logs-ingestion.ts';
import * as otlp from './otlp.ts';
import * as pagerduty from './pagerduty.ts';
import * as servicenow from './servicenow.ts';
import * as slack from './slack.ts';
import * as splunkHec from './splunk-hec.ts';
import * as stdout from './stdout.ts';
import * as syslog from './syslog.ts';
import type { Target, TargetDeps } from './target.ts';
import * as teams from './teams.ts';
import * as thehive from './thehive.ts';
import * as webhook from './webhook.ts';
import * as xsoar from './xsoar.ts';

interface TargetPlugin extends Plugin<unknown, TargetDeps, Target> {
  /** Why a target with these settings takes alerts only; null: it carries what is no alert, too. Left out: it never does. */
  readonly journalRefusal?: (settings: Readonly<Record<string, unknown>>) => string | null;
}

const ALL: readonly TargetPlugin[] = [webhook, syslog, file, stdout];
/** Each with a preset of its name in formats/presets. */
const VENDORS: readonly TargetPlugin[] = [
  pagerduty,
  jira,
  servicenow,
  thehive,
  xsoar,
  elastic,
  splunkHec,
  logsIngestion,
  otlp,
  slack,
  teams,
  alertmanager,
  email,
];

/** Every target type by the name it has in the configuration; config validates with its schema before `create` is called. */
export const TARGETS: ReadonlyMap<string, TargetPlugin> = new Map([...ALL, ...VENDORS].map((one) => [one.name, one]));
