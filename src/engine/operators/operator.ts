import type { KqlNode } from '../../kql/ast.ts';
import type { Operator, Plan, Scope } from '../compile/scope.ts';

/** Compiles one kind of pipe operator; `scope.columns` are the columns of its input. */
export type CompileOperator = (node: KqlNode, scope: Scope) => Operator;

/** Compiles one kind of expression that a pipe can start with. */
export type CompileSource = (node: KqlNode, scope: Scope) => Plan;
