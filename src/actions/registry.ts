import type { Action } from './action.ts';
import { acknowledgeAlert } from './alerts/acknowledge-alert.ts';
import { getAlert } from './alerts/get-alert.ts';
import { listAlerts } from './alerts/list-alerts.ts';
import { listRules } from './rules/list-rules.ts';
import { addSilence } from './silences/add-silence.ts';
import { expireSilence } from './silences/expire-silence.ts';
import { listSilences } from './silences/list-silences.ts';

const ALL: readonly Action[] = [
  listRules,
  listAlerts,
  getAlert,
  acknowledgeAlert,
  listSilences,
  addSilence,
  expireSilence,
];

/** Every action by its slug, in the order of the manifest. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(ALL.map((action) => [action.slug, action]));
