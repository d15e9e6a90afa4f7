import { HuntwireError } from '../../lib/errors.ts';
import type { AlertMark } from '../../state/alert-page.ts';

/** Where a caller has come to, as a text that it keeps and need not understand. */
export function cursorOf({ row, alertId }: AlertMark): string {
  return Buffer.from(`1.${row}.${alertId}`).toString('base64url');
}

const FORM = /^1\.([1-9]\d{0,14})\.([\x21-\x7e]{1,200})$/;

/** USAGE where it is none that we have given. */
export function readCursor(cursor: string): AlertMark {
  const [, row, alertId] = FORM.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (row === undefined || alertId === undefined)
    throw new HuntwireError('USAGE', 'The cursor is none of ours. Begin without one, or with "since".');
  return { row: Number(row), alertId };
}
