import { parentPort } from 'node:worker_threads';
import type { WorkerAnswer, WorkerQuestion } from './hands/messages.ts';
import { prepareQuery } from './prepare-query.ts';
import { useAddedTables } from './schemas/added-tables.ts';

/** The entry of the analyst's worker, a thread or a process: answers each question with the prepared query. */
function answerQuestions(answer: (message: WorkerAnswer) => void): (question: WorkerQuestion) => void {
  return (question) => {
    if (question.added) useAddedTables(question.added);
    prepareQuery(question.text, question.options).then(
      (prepared) => answer({ kind: 'prepared', json: JSON.stringify(prepared) }),
      (error: unknown) => answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
  };
}

if (parentPort) {
  const port = parentPort;
  port.on(
    'message',
    answerQuestions((message) => port.postMessage(message)),
  );
} else {
  const answer = answerQuestions((message) => process.send?.(message));
  process.on('message', (question) => answer(question as WorkerQuestion));
  process.on('disconnect', () => process.exit());
  // Ctrl-C reaches every process of a terminal: the one that asks decides when this one ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
}
