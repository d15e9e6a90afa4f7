import { toHuntwireError } from './errors.ts';
import type { FollowedFiles } from './followed/followed-files.ts';
import type { Log } from './log.ts';
import { secretsIn } from './secret.ts';

export interface RenewedOptions<Part> {
  /** Whatever holds the secrets that the part is made of. */
  readonly settings: unknown;
  /** Files that it is made of as well. */
  readonly files?: FollowedFiles;
  /** A part that it is made of as well, which tells its changes itself. */
  readonly inner?: Pick<Renewed<unknown>, 'current' | 'isFixed'>;
  /** Makes the part of all that as it is now. */
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
  /** Whether nothing that it is made of can change. */
  readonly isFixed: boolean;
  /** Makes it anew although no secret has changed. */
  renew(): void;
}

const NO_LONGER = {
  secret: 'A secret could not be read again: its last text is used',
  file: 'A file of certificates could not be read again: what it held is used',
};
const REFUSED = {
  secret: 'A secret has changed to what cannot be used: the one before is used',
  file: 'A file of certificates has changed to what cannot be used: what it held before is used',
};
const CHANGED = {
  secret: 'A secret has changed and is used from now on',
  file: 'A file of certificates has changed and is used from now on',
};

const NO_FILES: FollowedFiles = { texts: () => [], trouble: () => null };

/**
 * A part that is made anew when a secret, a file or a part that it is made of has changed. Where that fails, the one before stays, and
 * the log says why, once.
 */
export function createRenewed<Part>(options: RenewedOptions<Part>): Renewed<Part> {
  const { settings, make, where, log, retire, files = NO_FILES, inner } = options;
  const secrets = secretsIn(settings).filter((secret) => secret.mayChange());
  const look = (): Look => ({
    secret: secrets.map((secret) => secret.reveal()),
    file: files.texts(),
    inner: inner?.current(),
  });
  const tellSecrets = createTeller(log, where, NO_LONGER.secret);
  const tellFiles = createTeller(log, where, NO_LONGER.file);
  let seen = look();
  let part = make();
  const renew = (): void => {
    const before = part;
    part = make();
    retire?.(before);
  };
  const current = (): Part => {
    const now = look();
    tellSecrets(secrets.map((secret) => secret.trouble()).find((one) => one !== null) ?? null);
    tellFiles(files.trouble());
    const change = changeOf(seen, now);
    seen = now;
    if (change === null) return part;
    try {
      renew();
      if (change !== 'inner') log.info(CHANGED[change], { where });
    } catch (thrown) {
      log.warn(REFUSED[change === 'file' ? 'file' : 'secret'], { where, reason: toHuntwireError(thrown).message });
    }
    return part;
  };
  const isFixed = secrets.length === 0 && files === NO_FILES && (inner?.isFixed ?? true);
  return { isFixed, current: isFixed ? () => part : current, renew };
}

/** What a part is made of, at one moment. */
interface Look {
  readonly secret: readonly string[];
  readonly file: readonly string[];
  readonly inner: unknown;
}

function changeOf(before: Look, now: Look): keyof Look | null {
  if (now.secret.some((text, at) => text !== before.secret[at])) return 'secret';
  if (now.file.some((text, at) => text !== before.file[at])) return 'file';
  return now.inner === before.inner ? null : 'inner';
}

/** Warns once of each trouble, and again when it comes back. */
function createTeller(log: Log, where: string, message: string): (trouble: string | null) => void {
  let told: string | null = null;
  return (trouble) => {
    if (trouble !== null && trouble !== told) log.warn(message, { where, reason: trouble });
    told = trouble;
  };
}
