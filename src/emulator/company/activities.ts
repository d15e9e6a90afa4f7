import { followLinks } from './activity/clicks.ts';
import { useCloudApps } from './activity/cloud-apps.ts';
import { describeEntities } from './activity/entities.ts';
import { changeFiles } from './activity/files.ts';
import { logOn } from './activity/logons.ts';
import { lookLikeAttacks } from './activity/look-alikes.ts';
import { exchangeMail } from './activity/mails.ts';
import { connect } from './activity/network.ts';
import { startProcesses } from './activity/processes.ts';
import { writeRegistry } from './activity/registry.ts';
import { signIn } from './activity/sign-ins.ts';
import type { Scene } from './scene.ts';

/** Everything harmless that goes on; each by its name, which seeds its own chances. */
export const ACTIVITIES: ReadonlyMap<string, (scene: Scene) => void> = new Map([
  ['processes', startProcesses],
  ['look-alikes', lookLikeAttacks],
  ['logons', logOn],
  ['network', connect],
  ['files', changeFiles],
  ['registry', writeRegistry],
  ['sign-ins', signIn],
  ['mails', exchangeMail],
  ['clicks', followLinks],
  ['cloud-apps', useCloudApps],
  ['entities', describeEntities],
]);
