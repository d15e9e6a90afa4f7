import { call, type Foreign, foreignList, foreignText, member } from './foreign.ts';
import { quickenCompletions } from './quick-completions.ts';
import { loadKusto } from './runtime.ts';

/** A piece of a text, with what the parser calls it. */
export interface NamedSpan {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

export interface CodeCompletion {
  /** What it is, in the parser's words: `Column`, `Table`, `BuiltInFunction`. */
  readonly kind: string;
  readonly label: string;
  /** What is put in, in front of the cursor and behind it. */
  readonly before: string;
  readonly after: string;
  readonly order: string;
}

export interface CodeCompletions {
  readonly items: readonly CodeCompletion[];
  /** What the items take the place of. */
  readonly start: number;
  readonly end: number;
}

/** What Microsoft's parser knows of a text for those who write it. Offsets are UTF-16 units. */
export interface CodeView {
  complete(at: number): CodeCompletions;
  /** Texts of what stands there, each with its kind. */
  quickInfo(at: number): readonly { readonly kind: string; readonly text: string }[];
  classify(): readonly NamedSpan[];
  format(): string;
  /** Where what stands there is named; its kinds are `Declaration` and `Reference`, among others. */
  related(at: number): readonly NamedSpan[];
  outlines(): readonly { readonly start: number; readonly end: number }[];
}

/** Leave trailing arguments out: `null` for a cancellation makes the parser answer nothing. */
export async function openCodeView(text: string, globals: Foreign): Promise<CodeView> {
  const { language } = await loadKusto();
  quickenCompletions(language);
  const editor = member(language, 'Editor');
  const View = member(member(editor, 'KustoCodeService'), '$ctor1');
  const view = new View(text, globals);
  const names = (kind: string) => namesOf(member(editor, kind));
  const [completions, infos, classes, elements] = [
    names('CompletionKind'),
    names('QuickInfoKind'),
    names('ClassificationKind'),
    names('RelatedElementKind'),
  ];
  return {
    complete: (at) => completionsOf(call(view, 'GetCompletionItems', at), completions),
    quickInfo: (at) =>
      foreignList(member(call(view, 'GetQuickInfo', at), 'Items')).map((item) => ({
        kind: infos(item),
        text: foreignText(member(item, 'Text')),
      })),
    classify: () => spansOf(member(call(view, 'GetClassifications', 0, text.length), 'Classifications'), classes),
    format: () => foreignText(member(call(view, 'GetFormattedText'), 'Text')),
    related: (at) => spansOf(member(call(view, 'GetRelatedElements', at), 'Elements'), elements),
    outlines: () => spansOf(member(call(view, 'GetOutlines'), 'Ranges'), () => ''),
  };
}

type NameOf = (item: Foreign) => string;

/** The name of an item's kind. */
function namesOf(kinds: Foreign): NameOf {
  const entries = Object.entries(kinds as unknown as Record<string, unknown>);
  const byNumber = new Map(entries.flatMap(([name, value]) => (typeof value === 'number' ? [[value, name]] : [])));
  return (item) => byNumber.get(Number(member(item, 'Kind'))) ?? '';
}

function spansOf(list: Foreign, nameOf: NameOf): readonly NamedSpan[] {
  return foreignList(list).map((item) => {
    const start = Number(member(item, 'Start'));
    return { kind: nameOf(item), start, end: start + Number(member(item, 'Length')) };
  });
}

/** Most items are the same ones for letter after letter. */
const readItems = new WeakMap<Foreign, CodeCompletion>();

function readItem(item: Foreign, nameOf: NameOf): CodeCompletion {
  return {
    kind: nameOf(item),
    label: foreignText(member(item, 'DisplayText')),
    before: foreignText(member(item, 'BeforeText')),
    after: foreignText(member(item, 'AfterText')),
    order: foreignText(member(item, 'OrderText')),
  };
}

function completionsOf(info: Foreign, nameOf: NameOf): CodeCompletions {
  const start = Number(member(info, 'EditStart'));
  const items = foreignList(member(info, 'Items')).map((item) => {
    const read = readItems.get(item) ?? readItem(item, nameOf);
    readItems.set(item, read);
    return read;
  });
  return { items, start, end: start + Number(member(info, 'EditLength')) };
}
