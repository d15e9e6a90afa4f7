import { HuntwireError } from '../../lib/errors.ts';
import { wellFormed } from '../../lib/text.ts';
import { compileExpression, type JsonataExpression } from './expression.ts';

/** A tree whose texts hold `{{ JSONata }}`, understood. */
export interface TreeTemplate {
  /** The same tree with values in the places; a text that is one place alone keeps its value's type, and without a value it is left out. */
  render(input: unknown): Promise<unknown>;
}

/** A text with places. */
export interface TextTemplate {
  /** `write` makes text of each value; a place without a value is empty. */
  render(input: unknown, write?: (value: unknown) => string): Promise<string>;
}

const PLACE = /\{\{([\s\S]*?)\}\}/g;
const MOST_DEPTH = 32;

/** Throws CONFIG_INVALID that names `where`. */
export function compileTree(tree: unknown, where: string, depth = 0): TreeTemplate {
  if (depth > MOST_DEPTH)
    throw new HuntwireError('CONFIG_INVALID', `${where}: a template has at most ${MOST_DEPTH} levels.`);
  if (typeof tree === 'string') return leafOf(tree, where);
  if (Array.isArray(tree)) {
    const items = tree.map((item, at) => compileTree(item, `${where}.${at}`, depth + 1));
    return { render: (input) => Promise.all(items.map(async (item) => (await item.render(input)) ?? null)) };
  }
  if (typeof tree !== 'object' || tree === null) return { render: async () => tree };
  const members = Object.entries(tree).map(
    ([key, item]) => [key, compileTree(item, `${where}.${key}`, depth + 1)] as const,
  );
  return {
    render: async (input) => {
      const rendered = await Promise.all(members.map(async ([key, item]) => [key, await item.render(input)] as const));
      return Object.fromEntries(rendered.filter(([, value]) => value !== undefined));
    },
  };
}

/** A text that is one place alone keeps the type of its value. */
function leafOf(text: string, where: string): TreeTemplate {
  const [, alone] = /^\s*\{\{((?:(?!\}\})[\s\S])*)\}\}\s*$/.exec(text) ?? [];
  if (alone === undefined) return compileText(text, where);
  const expression = compileExpression(alone, where);
  return { render: (input) => expression.evaluate(input) };
}

/** Throws CONFIG_INVALID that names `where`. */
export function compileText(text: string, where: string): TextTemplate {
  const parts: (string | JsonataExpression)[] = text
    .split(PLACE)
    .map((part, at) => (at % 2 === 0 ? part : compileExpression(part, where)));
  return {
    render: async (input, write = textOf) => {
      const rendered = parts.map(async (part) => (typeof part === 'string' ? part : write(await part.evaluate(input))));
      return (await Promise.all(rendered)).join('');
    },
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** For a path: what a value holds does not change where the request goes. */
export function pathText(value: unknown): string {
  return encodeURIComponent(wellFormed(textOf(value)));
}
