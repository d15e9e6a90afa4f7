import type { Plugin } from '../lib/plugin.ts';
import * as file from './file.ts';
import * as pagerduty from './pagerduty.ts';
import * as stdout from './stdout.ts';
import * as syslog from './syslog.ts';
import type { Target, TargetDeps } from './target.ts';
import * as webhook from './webhook.ts';

const ALL: readonly Plugin<unknown, TargetDeps, Target>[] = [webhook, syslog, file, stdout, pagerduty];

/** Every target type by the name it has in the configuration; config validates with its schema before `create` is called. */
export const TARGETS: ReadonlyMap<string, Plugin<unknown, TargetDeps, Target>> = new Map(
  ALL.map((one) => [one.name, one]),
);
