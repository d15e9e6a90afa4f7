import { JIRA } from './jira.ts';
import { PAGERDUTY } from './pagerduty.ts';
import type { Preset } from './preset.ts';
import { SERVICENOW } from './servicenow.ts';

/** Every preset by the type of the target that it is for. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map(
  [PAGERDUTY, JIRA, SERVICENOW].map((one) => [one.name, one]),
);
