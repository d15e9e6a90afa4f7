import { actionsFor } from './look/actions.ts';
import { diagnose } from './look/diagnose.ts';
import { foldsOf } from './look/fold.ts';
import { lensesOf } from './look/lenses.ts';
import { createLookout, type Lookout, type LookoutDeps } from './look/lookout.ts';
import { querySpotAt, querySpots } from './look/query-spot.ts';
import { linedText } from './look/spans.ts';
import { testHeldRules } from './look/test-held-rules.ts';
import { formatQueries } from './query/format-queries.ts';
import { hoverQuery } from './query/hover-query.ts';
import { queryCompletions } from './query/query-completions.ts';
import { queryTokens } from './query/query-tokens.ts';
import { renameName, renameRange } from './query/rename-name.ts';
import type { AnswerTo, AskName, EditorAnswerer, EditorAsk, HeldText } from './question.ts';
import { completeYaml } from './yaml/complete-yaml.ts';
import { hoverYaml } from './yaml/hover-yaml.ts';

type Answers = { readonly [Name in AskName]: (lookout: Lookout, ask: EditorAsk<Name>) => Promise<AnswerTo<Name>> };

const NO_QUERY = 'Names are renamed in queries alone.';

const ANSWERS: Answers = {
  diagnose: (lookout, { file, whole }) => diagnose(lookout, file, whole),
  complete: async (lookout, { file, at, snippets }) => {
    const spot = await querySpotAt(lookout, file, at);
    if (spot) return queryCompletions(spot, spot.offset, snippets);
    return completeYaml(lookout, file, linedText(lookout.held.get(file) ?? '').offsetAt(at));
  },
  hover: async (lookout, { file, at }) => {
    const spot = await querySpotAt(lookout, file, at);
    if (spot) return hoverQuery(spot, spot.offset);
    return hoverYaml(lookout, file, linedText(lookout.held.get(file) ?? '').offsetAt(at));
  },
  format: async (lookout, { file }) => formatQueries(await querySpots(lookout, file)),
  renameRange: async (lookout, { file, at }) => {
    const spot = await querySpotAt(lookout, file, at);
    return spot && renameRange(spot, spot.offset);
  },
  rename: async (lookout, { file, at, newName }) => {
    const spot = await querySpotAt(lookout, file, at);
    return spot ? renameName(spot, spot.offset, newName) : { edits: null, refused: NO_QUERY };
  },
  actions: async (lookout, asked) => actionsFor(lookout, asked),
  fold: async (lookout, { file }) => foldsOf(lookout.held.get(file) ?? '', await querySpots(lookout, file)),
  tokens: async (lookout, { file }) => queryTokens(await querySpots(lookout, file)),
  lenses: (lookout, { file, uri }) => lensesOf(lookout, file, uri),
  test: (lookout, { file, only }) => testHeldRules(lookout, file, only),
};

/** Looks at rules for an editor: everything that takes more than a moment, so that the server itself only waits. */
export function createAnswerer(deps: LookoutDeps): EditorAnswerer {
  const lookout = createLookout(deps);
  return (texts, ask) => {
    for (const held of texts) hold(lookout, held);
    return ANSWERS[ask.name](lookout, ask as never) as never;
  };
}

function hold({ held, known, found }: Lookout, { file, text }: HeldText): void {
  if (text !== null) {
    held.set(file, text);
    return;
  }
  for (const memory of [held, known, found]) memory.delete(file);
}
