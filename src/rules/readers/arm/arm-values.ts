import type { Path } from '../../../lib/yaml/parse-yaml.ts';
import { isVendorObject } from '../vendor/vendor-map.ts';
import { type ArmScope, armValue, isArmExpression } from './arm-expression.ts';

export interface ResolvedValues {
  readonly value: unknown;
  /** Where expressions stand that only a deployment can work out. */
  readonly open: readonly Path[];
}

/** A value with all its expressions worked out; those that cannot be stay what they are. */
export function resolveArmValues(value: unknown, scope: ArmScope): ResolvedValues {
  const open: Path[] = [];
  return { value: resolve(value, { scope, open, path: [] }), open };
}

interface Resolving {
  readonly scope: ArmScope;
  readonly open: Path[];
  readonly path: Path;
}

function resolve(value: unknown, at: Resolving): unknown {
  if (typeof value === 'string') return resolveText(value, at);
  if (Array.isArray(value)) return value.map((item, index) => resolve(item, { ...at, path: [...at.path, index] }));
  if (!isVendorObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, resolve(item, { ...at, path: [...at.path, key] })]);
  return Object.fromEntries(entries);
}

function resolveText(text: string, { scope, open, path }: Resolving): unknown {
  if (!text.startsWith('[')) return text;
  const found = armValue(text, scope);
  if (found) return found.value;
  if (isArmExpression(text)) open.push(path);
  return text;
}
