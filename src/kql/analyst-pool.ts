import type { Clock } from '../lib/clock.ts';
import { createWorkerForm, type WorkerForm, type WorkerSettings } from './analyst-worker.ts';
import type { Hand } from './hands/hand.ts';
import type { PreparedQuery, PrepareOptions } from './prepared.ts';

export interface PoolSize {
  readonly workers: number;
  /** From how many questions on, or once they were started, more than the first one work. */
  readonly workersFrom: number;
  /** The first worker, where it was started before. */
  readonly early: Hand | null;
}

interface PoolQuestion {
  readonly text: string;
  readonly options: PrepareOptions;
  readonly answer: (answer: Promise<PreparedQuery>) => void;
}

interface PoolWorker {
  readonly form: WorkerForm;
  isFree: boolean;
}

/** Several workers, of which each takes the next question when it is done with another. One holds about 200 MB once it has analyzed something. */
export function createPoolForm(
  clock: Clock,
  { workers, workersFrom, early }: PoolSize,
  settings?: Partial<WorkerSettings>,
): WorkerForm {
  const all: PoolWorker[] = Array.from({ length: workers }, (_, index) => ({
    form: createWorkerForm(clock, settings, index === 0 ? early : null),
    isFree: true,
  }));
  const questions: PoolQuestion[] = [];
  let asked = 0;
  let isStarted = false;
  const deal = (): void => {
    const working = isStarted || asked >= workersFrom ? all : all.slice(0, 1);
    for (const worker of working.filter(({ isFree }) => isFree)) {
      const next = questions.shift();
      if (next) next.answer(ask(worker, next).finally(deal));
    }
  };
  return {
    start: async () => {
      isStarted = true;
      deal();
      await Promise.all(all.map(({ form }) => form.start()));
    },
    prepare: (text, options) => {
      asked += 1;
      const answer = new Promise<PreparedQuery>((resolve) => questions.push({ text, options, answer: resolve }));
      deal();
      return answer;
    },
    close: async () => {
      await Promise.all(all.map(({ form }) => form.close()));
    },
  };
}

async function ask(worker: PoolWorker, { text, options }: PoolQuestion): Promise<PreparedQuery> {
  worker.isFree = false;
  try {
    return await worker.form.prepare(text, options);
  } finally {
    worker.isFree = true;
  }
}
