import type { KqlNode } from '../../kql/ast.ts';
import { childOf } from '../../kql/ast.ts';
import { mayRead } from '../compile/access.ts';
import { nameOf, required } from '../compile/nodes.ts';
import type { Declarations, Scope, TablePlan } from '../compile/scope.ts';
import { storedTable } from '../compile/stored-table.ts';
import { wildcard } from './project.ts';

/** One input of a union. */
export interface Leg {
  /** What withsource calls its rows. */
  readonly source: string;
  readonly plan: TablePlan;
}

/** The pattern of a leg such as `Device*`, or null. */
export function wildcardOf(leg: KqlNode): string | null {
  if (leg.kind === 'StarExpression') return '*';
  const name = leg.children.find((child) => child.kind === 'WildcardedName');
  return name ? nameOf(name) : null;
}

/** All stored tables and declared views whose names match. */
export function expandWildcard(pattern: string, leg: KqlNode, scope: Scope): Leg[] {
  const matches = wildcard(pattern);
  const stored = scope.compilation.surroundings.tableNames
    .filter((name) => matches(name) && mayRead(name, scope.environment))
    .map((name) => ({ source: name, plan: storedTable(name, leg, scope) }));
  return [...views(scope.environment, matches, scope), ...stored];
}

function views(environment: Declarations | null, matches: (name: string) => boolean, scope: Scope): Leg[] {
  if (!environment) return [];
  const found = [...environment.names].flatMap(([name, declared]): Leg[] => {
    if (declared.kind !== 'function' || !matches(name) || !childOf(declared.declaration, 'ViewKeyword')) return [];
    const body = required(required(declared.declaration, 'Body'), 'Expression');
    return [{ source: name, plan: scope.compilation.table(body, { ...scope, environment: declared.environment }) }];
  });
  const { access } = environment;
  const seen = (name: string): boolean => matches(name) && access?.declared(name) !== false;
  return [...views(environment.parent, seen, scope), ...found];
}

/** The name that withsource gives the rows of a leg: its table or function, or what `as` calls them; null for all else. */
export function sourceOf(leg: KqlNode): string | null {
  if (leg.kind === 'ParenthesizedExpression') return sourceOf(required(leg, 'Expression'));
  const kind = leg.reference?.kind;
  if (leg.kind === 'NameReference' && (kind === 'table' || kind === 'function')) return leg.reference?.name ?? null;
  if (leg.kind !== 'PipeExpression') return null;
  const last = required(leg, 'Operator');
  return last.kind === 'AsOperator' ? nameOf(required(last, 'Name')) : null;
}
