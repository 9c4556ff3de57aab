import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ServiceFunction } from '../constructs/service-function.ts';

/** A job is moved on if its status allows, and read if not. */
export const readAndMove = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];

/** Tells `fn` the table, and lets it do what `actions` say with its items. */
export const bindTable = (
  fn: ServiceFunction,
  variable: string,
  table: Table,
  actions: readonly string[],
): void => {
  fn.bind(variable, table.tableName, { actions, resources: [table.tableArn] });
};

/** Lets `fn`, which knows the table already, look items up in one of its indexes. */
export const allowIndex = (fn: ServiceFunction, table: Table, index: string): void => {
  fn.allow({ actions: ['dynamodb:Query'], resources: [`${table.tableArn}/index/${index}`] });
};
