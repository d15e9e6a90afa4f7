/**
 * A value that does not depend on rows. `instant`: a time at a known distance from now, where rounding (startofday) counts with its
 * farthest and is not `exact`; so a span is never made of two instants.
 */
export type Constant =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'span'; readonly ms: number }
  | { readonly kind: 'instant'; readonly offsetMs: number; readonly exact: boolean };
