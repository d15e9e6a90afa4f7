import { type ChildProcess, spawn } from 'node:child_process';
import { workedBy } from '../../kql/hands/in-process.ts';
import { findImage, imageArguments } from '../../kql/parser/parser-image.ts';
import type { EditorQuestion } from '../question.ts';
import type { EditorReply } from './answer-messages.ts';

/** Who looks at rules, one question at a time. */
export interface EditorHand {
  /** The answer; rejects where it cannot be given. */
  ask(question: EditorQuestion): Promise<unknown>;
  /** Processor time in ms that it has taken; null: the system does not tell. */
  worked(): number | null;
  end(): void;
}

/** Heap of a process that starts without an image, in MB. */
const MEMORY_MB = 1024;

/**
 * A process that looks at rules: from a parser image where there is one. It sees nothing of the environment, and so no secret, and has no
 * standard output, which is the protocol's.
 */
export function startEditorProcess(entry: string, args: readonly string[]): EditorHand {
  const image = findImage();
  const start = image === null ? [`--max-old-space-size=${MEMORY_MB}`, entry] : imageArguments(image, entry);
  const child = spawn(process.execPath, [...start, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: {},
    windowsHide: true,
  });
  child.on('error', () => undefined);
  return {
    ask: (question) => listen(child, question),
    worked: () => (child.pid === undefined ? null : workedBy(child.pid)),
    end: () => void child.kill('SIGKILL'),
  };
}

function listen(child: ChildProcess, question: EditorQuestion): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (end: () => void): void => {
      child.off('message', message).off('exit', lost).off('error', lost);
      end();
    };
    const lost = (): void => done(() => reject(new Error('The process that looks at rules has ended.')));
    const message = (reply: unknown): void => {
      const answer = reply as EditorReply;
      if (answer.kind === 'answer') done(() => resolve(JSON.parse(answer.json)));
      else done(() => reject(new Error(answer.message)));
    };
    child.on('message', message).on('exit', lost).on('error', lost);
    if (child.exitCode !== null || child.signalCode !== null || !child.connected) lost();
    else child.send(question, (error) => error && lost());
  });
}
