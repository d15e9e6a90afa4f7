import { backtest } from './backtest.ts';
import type { Verb } from './cli.ts';
import { demo } from './demo.ts';
import { dlq } from './dlq.ts';
import { doctor } from './doctor.ts';
import { emulate } from './emulate.ts';
import { init } from './init.ts';
import { lint } from './lint.ts';
import { once } from './once.ts';
import { query } from './query.ts';
import { run } from './run.ts';
import { sendTest } from './send-test.ts';
import { status } from './status.ts';
import { test } from './test.ts';

/** Every verb, in the order of the help. */
export const VERBS: readonly Verb[] = [
  run,
  once,
  lint,
  test,
  query,
  backtest,
  status,
  dlq,
  doctor,
  sendTest,
  emulate,
  demo,
  init,
];
