import { diagnose } from './look/diagnose.ts';
import { createLookout, type LookoutDeps } from './look/lookout.ts';
import type { AnswerTo, AskName, EditorAnswerer, EditorAsk, HeldText } from './question.ts';

type Answers = { readonly [Name in AskName]: (ask: EditorAsk<Name>) => Promise<AnswerTo<Name>> };

/** Looks at rules for an editor: everything that takes more than a moment, so that the server itself only waits. */
export function createAnswerer(deps: LookoutDeps): EditorAnswerer {
  const lookout = createLookout(deps);
  const answers = {
    diagnose: ({ file, whole }: EditorAsk<'diagnose'>) => diagnose(lookout, file, whole),
  } as unknown as Answers;
  return (texts, ask) => {
    for (const held of texts) hold(lookout, held);
    return answers[ask.name](ask as never) as never;
  };
}

function hold({ held, known, found }: ReturnType<typeof createLookout>, { file, text }: HeldText): void {
  if (text !== null) {
    held.set(file, text);
    return;
  }
  for (const memory of [held, known, found]) memory.delete(file);
}
