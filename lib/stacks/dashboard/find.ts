import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

type Kind<T> = abstract new (...args: never[]) => T;

/** Everything of a kind beneath some constructs, in the order in which it was made. */
export const find = <T extends IConstruct>(scopes: readonly IConstruct[], kind: Kind<T>): T[] =>
  scopes.flatMap((scope) => scope.node.findAll()).filter((one): one is T & IConstruct => one instanceof kind);

/** How a construct is called on the dashboard: its path inside its stack. */
export const labelOf = (construct: IConstruct): string =>
  construct.node.path.slice(Stack.of(construct).node.path.length + 1);
