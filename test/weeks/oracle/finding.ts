/** What speaks against SEMANTICS; each is a promise that was broken. */
export const FINDING_KINDS = [
  'process',
  'log',
  'untold',
  'told-twice',
  'told-wrongly',
  'counts',
  'second-id',
  'one-id-for-two',
  'hole',
  'off-grid',
  'wrong-window',
  'unjustified-gap',
  'unalerted',
  'behind',
  'quota',
  'undelivered',
  'sent-twice',
  'out-of-order',
  'never-committed',
  'false-alarm',
  'condition-left-open',
  'lag-not-told',
  'pestered',
  'summary',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** The rule, target or tenant that it is about. */
  readonly subject: string;
  readonly message: string;
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}
