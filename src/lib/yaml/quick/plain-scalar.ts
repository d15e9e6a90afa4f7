import { Document, isScalar, Scalar } from 'yaml';

/** As the composer is told, so that both make the same of a number. */
export const SCALAR_OPTIONS = { intAsBigInt: true } as const;

/** Any other text is one, and needs no look at what else it could be. */
const MAY_BE_OTHER = /^(?:[-+.\d]|null$|Null$|NULL$|true$|True$|TRUE$|false$|False$|FALSE$)/;

let core: Document['schema']['tags'] | null = null;

/** What a plain scalar stands for: a number, `true`, `null`, or its text. */
export function plainScalar(text: string, start: number): Scalar {
  const scalar = MAY_BE_OTHER.test(text) ? resolved(text) : new Scalar<unknown>(text);
  return placed(scalar, { text, start, end: start + text.length, type: 'PLAIN' });
}

function resolved(text: string): Scalar {
  core ??= new Document(null, SCALAR_OPTIONS).schema.tags;
  for (const tag of core) {
    if (tag.default !== true || !('test' in tag) || !tag.test?.test(text)) continue;
    const value = tag.resolve?.(text, () => undefined, SCALAR_OPTIONS);
    return isScalar(value) ? value : new Scalar<unknown>(value);
  }
  return new Scalar<unknown>(text);
}

export interface TextPlace {
  /** Its value, as a text. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly type: Scalar.Type;
}

export function textScalar(given: TextPlace): Scalar {
  return placed(new Scalar<unknown>(given.text), given);
}

function placed(scalar: Scalar, { text, start, end, type }: TextPlace): Scalar {
  scalar.range = [start, end, end];
  scalar.source = text;
  scalar.type = type;
  return scalar;
}
