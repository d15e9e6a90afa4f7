import type { Alert } from '../../../alerts/alert.ts';
import type { Tint } from '../../terminal/print.ts';
import type { StatusDocument } from '../status-document.ts';
import type { Paint } from './board-line.ts';

/** What the board shows, as of one look. */
export interface BoardInput {
  readonly status: StatusDocument;
  /** Newest first. */
  readonly alerts: readonly Alert[];
  /** Calls that a tenant may make in an hour; null: as many as it likes. */
  readonly callsPerHour: ReadonlyMap<string, number | null>;
  /** Epoch ms. */
  readonly now: number;
  /** Why the last look failed, the rest being of the one before; null: it did not. */
  readonly trouble: string | null;
}

export interface BoardSize {
  readonly columns: number;
  readonly rows: number;
}

/** A part of the board: a line that names it, and one for each thing in it, what needs a person first. */
export interface BoardPart {
  readonly title: string;
  readonly lines: readonly string[];
}

export type DrawPart = (input: BoardInput, columns: number, paint: Paint) => BoardPart;

/** Of states of rules and targets; red where none is given. */
export const STATE_TINTS: Readonly<Partial<Record<string, Tint>>> = {
  ok: 'green',
  disabled: 'dim',
  unused: 'dim',
  'never-run': 'yellow',
};
