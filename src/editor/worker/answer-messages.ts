import type { EditorAnswerer, EditorQuestion } from '../question.ts';

/** What a process that looks at rules answers: JSON, which is less to read and write than many objects. */
export type EditorReply =
  | { readonly kind: 'answer'; readonly json: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Answers each question of the process that started this one, and ends with it. */
export function answerMessages(host: NodeJS.Process, answerer: EditorAnswerer): void {
  const reply = (message: EditorReply): void => void host.send?.(message);
  host.on('message', (message) => {
    const { texts, ask } = message as EditorQuestion;
    answerer(texts, ask).then(
      (answer) => reply({ kind: 'answer', json: JSON.stringify(answer) }),
      (error: unknown) =>
        reply({ kind: 'failed', message: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
  });
  host.on('disconnect', () => host.exit());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) host.on(signal, () => undefined);
}
