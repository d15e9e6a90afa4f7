import { toHuntwireError } from './errors.ts';
import type { Log } from './log.ts';
import { secretsIn } from './secret.ts';

export interface RenewedOptions<Part> {
  /** Whatever holds the secrets that the part is made of. */
  readonly settings: unknown;
  /** Makes the part of the secrets as they are now. */
  readonly make: () => Part;
  /** What a log calls it: `targets.soar`. */
  readonly where: string;
  readonly log: Log;
  /** Lets a part go that another has followed; what uses it may end. */
  readonly retire?: (part: Part) => void;
}

/** A part that follows its secrets. */
export interface Renewed<Part> {
  /** The part as its secrets are now. */
  current(): Part;
  /** Makes it anew although no secret has changed. */
  renew(): void;
}

const NO_LONGER = 'A secret could not be read again: its last text is used';
const REFUSED = 'A secret has changed to what cannot be used: the one before is used';
const CHANGED = 'A secret has changed and is used from now on';

/** A part that is made anew when a secret of it has changed. Where that fails, the one before stays, and the log says why, once. */
export function createRenewed<Part>({ settings, make, where, log, retire }: RenewedOptions<Part>): Renewed<Part> {
  const secrets = secretsIn(settings).filter((secret) => secret.mayChange());
  let texts = secrets.map((secret) => secret.reveal());
  let part = make();
  let told: string | null = null;
  const renew = (): void => {
    const before = part;
    part = make();
    retire?.(before);
  };
  const tellTrouble = (): void => {
    const trouble = secrets.map((secret) => secret.trouble()).find((one) => one !== null) ?? null;
    if (trouble !== null && trouble !== told) log.warn(NO_LONGER, { where, reason: trouble });
    told = trouble;
  };
  const current = (): Part => {
    const now = secrets.map((secret) => secret.reveal());
    tellTrouble();
    if (now.every((text, at) => text === texts[at])) return part;
    texts = now;
    try {
      renew();
      log.info(CHANGED, { where });
    } catch (thrown) {
      log.warn(REFUSED, { where, reason: toHuntwireError(thrown).message });
    }
    return part;
  };
  return { current: secrets.length === 0 ? () => part : current, renew };
}
