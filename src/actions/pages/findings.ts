/** What the checks say of a place in a text. */
export interface FoundAt {
  readonly check: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion: string | null;
}

/** What the checks say of a rule's file: they take seconds, and are not waited for. */
export type FindingsSeen =
  | { readonly kind: 'known'; readonly findings: readonly FoundAt[] }
  | { readonly kind: 'coming' }
  | { readonly kind: 'failed'; readonly why: string };
