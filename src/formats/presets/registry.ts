import { ALERTMANAGER } from './alertmanager.ts';
import { ELASTIC } from './elastic.ts';
import { EMAIL } from './email.ts';
import { JIRA } from './jira.ts';
import { LOGS_INGESTION } from './logs-ingestion.ts';
import { OTLP } from './otlp.ts';
import { PAGERDUTY } from './pagerduty.ts';
import type { Preset } from './preset.ts';
import { SERVICENOW } from './servicenow.ts';
import { SLACK } from './slack.ts';
import { SPLUNK_HEC } from './splunk-hec.ts';
import { TEAMS } from './teams.ts';
import { THEHIVE } from './thehive.ts';
import { XSOAR } from './xsoar.ts';

/** Every preset by the type of the target that it is for. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map(
  [
    PAGERDUTY,
    JIRA,
    SERVICENOW,
    THEHIVE,
    XSOAR,
    ELASTIC,
    SPLUNK_HEC,
    LOGS_INGESTION,
    OTLP,
    SLACK,
    TEAMS,
    ALERTMANAGER,
    EMAIL,
  ].map((one) => [one.name, one]),
);
