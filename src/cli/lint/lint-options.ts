import type { LintPurpose } from '../../rules/lint/check.ts';
import type { CommonOptions } from '../options.ts';
import type { GateOptions } from './lint-gate.ts';

export interface LintOptions extends CommonOptions, GateOptions {
  readonly changed?: string;
  readonly fix: boolean;
  readonly report: boolean;
  readonly watch: boolean;
  readonly cache?: string;
  readonly for?: LintPurpose;
}
