import { call, type Foreign, foreignList, member } from './foreign.ts';

type Run = (this: Foreign, ...args: readonly Foreign[]) => Foreign;
type Methods = Record<string, Run | undefined>;

/**
 * Has the parser remember what it makes of each function and column for a list of completions: it makes several hundred items anew for
 * each letter, each in five steps, which was most of the time of an answer. What is remembered is what the step in whose place this stands
 * has answered, and items never change. A step that another version does not have is left out; a parser that remembers already stays as
 * it is.
 */
export function quickenCompletions(language: Foreign): void {
  const editor = member(language, 'Editor');
  const completer = member(editor, 'KustoCompleter');
  const steps = member(completer, 'prototype') as unknown as Methods;
  const item = member(member(editor, 'CompletionItem'), 'prototype') as unknown as Methods;
  if (Object.hasOwn(steps, '$isQuick')) return;
  Object.defineProperty(steps, '$isQuick', { value: true });
  for (const name of ['AddSpaceToCompletionItem', 'Retriggered', 'CreateOrderText']) rememberOfItem(steps, name);
  rememberOrder(item);
  rememberOfSymbol(steps, completer, member(language, 'Symbols'));
}

/** Steps whose answer follows from an item alone. */
function rememberOfItem(steps: Methods, name: string): void {
  const step = steps[name];
  if (!step) return;
  const known = new WeakMap<Foreign, Foreign>();
  steps[name] = function remembered(item) {
    const before = known.get(item as Foreign);
    if (before !== undefined) return before;
    const answer = step.call(this, item as Foreign);
    known.set(item as Foreign, answer);
    return answer;
  };
}

/** The order of an item is the same each time, but this is not the one to know that. */
function rememberOrder(item: Methods): void {
  const { WithOrderText: step } = item;
  if (!step) return;
  const known = new WeakMap<Foreign, { readonly text: Foreign; readonly answer: Foreign }>();
  item.WithOrderText = function remembered(text) {
    const before = known.get(this);
    if (before && before.text === text) return before.answer;
    const answer = step.call(this, text as Foreign);
    known.set(this, { text: text as Foreign, answer });
    return answer;
  };
}

/** Items of functions and columns follow from these, and from where in a query they stand. */
function rememberOfSymbol(steps: Methods, completer: Foreign, symbols: Foreign): void {
  const step = steps.GetCompletionItemsForSymbol;
  if (!step) return;
  const kinds: ReadonlySet<unknown> = new Set([member(symbols, 'FunctionSymbol'), member(symbols, 'ColumnSymbol')]);
  const placeOf = rememberPlace(completer);
  const known = new WeakMap<Foreign, Map<string, readonly Foreign[]>>();
  steps.GetCompletionItemsForSymbol = function remembered(symbol, node, nameOnly, items) {
    const [of, list] = [symbol as Foreign, items as Foreign];
    if (!kinds.has(of.constructor)) return step.call(this, of, node as Foreign, nameOnly as Foreign, list);
    const form = `${placeOf(node as Foreign)} ${String(nameOnly)} ${settingOf(this, of)}`;
    const forms = known.get(of) ?? new Map<string, readonly Foreign[]>();
    const before = forms.get(form);
    if (before) {
      for (const one of before) call(list, 'add', one);
      return list;
    }
    const count = foreignList(list).length;
    step.call(this, of, node as Foreign, nameOnly as Foreign, list);
    known.set(of, forms.set(form, foreignList(list).slice(count)));
    return list;
  };
}

/** All symbols of a list are asked about at one node. */
function rememberPlace(completer: Foreign): (node: Foreign) => string {
  let [last, place]: [Foreign | null, string] = [null, ''];
  return (node) => {
    if (node !== last || place === '')
      place = ['IsStartOfQuery', 'IsInvokeFunctionContext']
        .map((name) => String(call(completer, name, node)))
        .join(' ');
    last = node;
    return place;
  };
}

/** What else an item is made by. */
function settingOf(completer: Foreign, symbol: Foreign): string {
  const [code, options] = [member(completer, '_code'), member(completer, '_options')];
  const isBuiltIn = call(member(code, 'Globals'), 'IsBuiltInFunction', symbol);
  return `${String(isBuiltIn)} ${String(member(code, 'Dialect'))} ${String(member(options, 'EnableParameterInjection'))}`;
}
