import type { KqlNode } from '../../kql/ast.ts';
import type { Scope, TablePlan, TableStep } from '../compile/scope.ts';

/** Compiles one kind of pipe operator; `scope.columns` are the columns of its input. */
export type CompileOperator = (node: KqlNode, scope: Scope) => TableStep;

/** Compiles one kind of expression that a pipe can start with. */
export type CompileOrigin = (node: KqlNode, scope: Scope) => TablePlan;
