import { parentPort } from 'node:worker_threads';
import type { WorkerAnswer, WorkerQuestion } from './analyst-messages.ts';
import { prepareQuery } from './prepare-query.ts';

/** The entry of the analyst's worker: answers each question with the prepared query. */
parentPort?.on('message', (question: WorkerQuestion) => {
  prepareQuery(question.text, question.options).then(
    (prepared) => answer({ kind: 'prepared', prepared }),
    (error: unknown) => answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});

function answer(message: WorkerAnswer): void {
  parentPort?.postMessage(message);
}
