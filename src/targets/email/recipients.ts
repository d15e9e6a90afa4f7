/** Who of a mail's recipients has not got it yet, where the others have. In memory: behind a restart all get it once more. */
export interface Recipients {
  /** Undefined: all of them. */
  left(messageId: string): readonly string[] | undefined;
  /** None left: the mail is done with. */
  keep(messageId: string, left: readonly string[]): void;
}

/** Mails of which that is known; the one that has waited longest goes first. */
const MOST = 1000;

export function createRecipients(): Recipients {
  const known = new Map<string, readonly string[]>();
  return {
    left: (messageId) => known.get(messageId),
    keep: (messageId, left) => {
      known.delete(messageId);
      if (left.length > 0) known.set(messageId, left);
      for (const oldest of [...known.keys()].slice(0, -MOST)) known.delete(oldest);
    },
  };
}
