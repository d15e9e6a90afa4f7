import type { Alert } from '../../alerts/alert.ts';
import type { Decision } from '../../alerts/decide/decision.ts';
import type { WindowAnswer } from '../query-window.ts';
import type { RunInput } from '../run-input.ts';

/** An alert that goes where its earlier messages went. */
export interface LaterAlert {
  readonly alert: Alert;
  readonly targets: readonly string[];
}

/** An answered run that alerts which are firing are followed by. */
export interface FiringInput {
  readonly input: RunInput;
  readonly answer: Extract<WindowAnswer, { kind: 'answered' }>;
  readonly decision: Decision;
  /** The run's own, in the order of what was told. */
  readonly alerts: readonly Alert[];
  readonly time: number;
}
