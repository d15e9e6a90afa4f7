import type { Window } from '../../kql/window.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { Redactor } from '../redaction.ts';

/** What all alerts of one run share. */
export interface AlertContext {
  readonly tenant: string;
  readonly rule: RunnableRule;
  readonly runId: string;
  /** The API that answered. */
  readonly source: string;
  readonly window: Window | null;
  /** L in epoch ms. */
  readonly logicalTime: number;
  /** When the alert is made, epoch ms. */
  readonly time: number;
  /** The answer was cut short. */
  readonly truncated: boolean;
  /** Left out: alerts show everything. */
  readonly redactor?: Redactor | null;
}
