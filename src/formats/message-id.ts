import type { Alert } from '../alerts/alert.ts';

/** The id of this revision, as targets send it: formats take no more than types from `alerts`. */
export function revisionId({ id, revision }: Alert): string {
  return revision === 0 ? id : `${id}-${revision}`;
}
