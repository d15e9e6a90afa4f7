import type { Host } from '../../app/host.ts';
import { openTarget } from '../../app/open-parts.ts';
import type { Config } from '../../config/config.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { suggest } from '../../lib/nearest.ts';
import type { Target } from '../../targets/target.ts';

/** A target of the configuration, to be closed behind its use. */
export function openNamedTarget(name: string, { targets }: Pick<Config, 'targets'>, host: Host): Target {
  const settings = targets.get(name);
  if (settings) return openTarget(name, settings, host);
  throw new HuntwireError('USAGE', `There is no target "${name}".${suggest(name, targets.keys())}`);
}
