import { HuntwireError } from '../../lib/errors.ts';
import { defenderGlobals } from '../defender.ts';
import { paramType } from '../literal.ts';
import { type CodeView, openCodeView } from '../parser/code-view.ts';
import { withParameters } from '../parser/globals.ts';
import { WINDOW_NAMES } from '../prepare/names.ts';
import type { ParamValue } from '../prepared.ts';
import { MAX_QUERY_LENGTH } from '../query-limits.ts';
import { burdenOf } from '../query-load.ts';
import { addedVersion } from '../schemas/added-tables.ts';

export interface ViewedQuery {
  readonly text: string;
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** Views of the latest texts: binding is most of an answer, and one text is asked about several times. */
const latest = new Map<string, Promise<CodeView>>();
const MOST_KEPT = 6;

/** What the parser knows of a query for an editor; null for one that is not even analyzed. */
export async function queryView({ text, params }: ViewedQuery): Promise<CodeView | null> {
  if (text.length > MAX_QUERY_LENGTH || burdenOf(text) !== null) return null;
  const types = Object.entries(params).map(([name, value]) => [name, paramType(value)]);
  const key = JSON.stringify([text, types, addedVersion()]);
  const known = latest.get(key);
  const view = known ?? open(text, Object.fromEntries(types));
  latest.delete(key);
  latest.set(key, view);
  for (const old of [...latest.keys()].slice(0, -MOST_KEPT)) latest.delete(old);
  return guarded(await view);
}

async function open(text: string, types: Readonly<Record<string, string>>): Promise<CodeView> {
  const window = Object.fromEntries(WINDOW_NAMES.map((name) => [name, 'datetime']));
  return openCodeView(text, await withParameters(await defenderGlobals(), { ...window, ...types }));
}

/** The parser stumbles over some texts (a TypeError of its own), and over deep ones: then it knows nothing. */
function guarded(view: CodeView): CodeView {
  const orElse = <Found>(found: () => Found, nothing: Found): Found => {
    try {
      return found();
    } catch (error) {
      if (error instanceof HuntwireError || !/^(?:TypeError|RangeError)/.test(String(error))) throw error;
      return nothing;
    }
  };
  return {
    complete: (at) => orElse(() => view.complete(at), { items: [], start: at, end: at }),
    quickInfo: (at) => orElse(() => view.quickInfo(at), []),
    classify: () => orElse(() => view.classify(), []),
    format: () => orElse(() => view.format(), ''),
    related: (at) => orElse(() => view.related(at), []),
    outlines: () => orElse(() => view.outlines(), []),
  };
}
