import type { Part } from './field.ts';
import type { MappedValue } from './value.ts';

/** A document or an object in it while it is filled. */
export type Draft = Record<string, unknown>;

/** Parts of which an object may hold values beside those of another. */
const BESIDE: readonly Part[] = ['alert', 'rule', 'row', 'origin'];

/** Fills a document by paths (`a.b`, `a.list[]`). The first value of a path wins, and its part keeps the object that it stands in. */
export interface NestedDraft {
  readonly document: Draft;
  place(path: string, value: MappedValue, part: Part): void;
}

export function draftNested(): NestedDraft {
  const document: Draft = {};
  const owners = new Map<string, Part>();
  const place = (path: string, value: MappedValue, part: Part): void => {
    const { folder, keys, last, isList } = stepsOf(path);
    if (!BESIDE.includes(part)) {
      if ((owners.get(folder) ?? part) !== part) return;
      owners.set(folder, part);
    }
    const object = objectAt(document, keys);
    if (object[last] === undefined) object[last] = isList ? [value] : value;
  };
  return { document, place };
}

interface Steps {
  readonly folder: string;
  readonly keys: readonly string[];
  readonly last: string;
  readonly isList: boolean;
}

const KNOWN = new Map<string, Steps>();

function stepsOf(path: string): Steps {
  const known = KNOWN.get(path);
  if (known) return known;
  const isList = path.endsWith('[]');
  const keys = (isList ? path.slice(0, -2) : path).split('.');
  const last = keys.pop() ?? '';
  const steps = { folder: keys.join('.'), keys, last, isList };
  KNOWN.set(path, steps);
  return steps;
}

function objectAt(document: Draft, keys: readonly string[]): Draft {
  let object = document;
  for (const key of keys) {
    object[key] ??= {};
    object = object[key] as Draft;
  }
  return object;
}
