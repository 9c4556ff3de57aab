import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Foundation } from '../../cloud.ts';
import { UserError } from '../../errors.ts';
import type { Protocol } from '../service.ts';
import { DynamoDbEngine, DynamoDbError, type Json } from './engine.ts';
import { Operations } from './operations.ts';
import { DynamoDbProtocol } from './protocol.ts';

const index = z.object({ IndexName: z.string(), KeySchema: z.array(z.unknown()), Projection: z.unknown() });
/** What of a table cannot be changed once it is there. */
const shape = z.object({
  KeySchema: z.array(z.unknown()),
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
});
const described = z.object({ Table: shape.extend({ TableArn: z.string(), TableStatus: z.string() }) });

/** dynalite makes a table ACTIVE at the next turn; one that is not by then was left so by a crash. */
const MOST_TURNS = 1000;

/** Amazon DynamoDB, on dynalite: no transactions, no streams, no expiry of items. */
export class DynamoDb {
  readonly protocol: Protocol;
  readonly #engine: DynamoDbEngine;

  constructor(foundation: Foundation) {
    const { dataDir, account, region } = foundation;
    this.#engine = new DynamoDbEngine(join(dataDir, 'tables'), account, region);
    this.protocol = new DynamoDbProtocol(foundation, new Operations(this.#engine));
  }

  /**
   * Makes sure that a table is there and ACTIVE; keeps its items.
   * @param definition the request of `CreateTable`.
   * @returns the table's ARN.
   * @throws {UserError} when a table of that name has other keys or indexes.
   */
  async createTable(definition: Json & { readonly TableName: string }): Promise<string> {
    const { TableName } = definition;
    try {
      await this.#engine.call('CreateTable', definition);
    } catch (error) {
      if (!(error instanceof DynamoDbError && error.code === 'ResourceInUseException')) throw error;
      const { Table } = described.parse(await this.#engine.call('DescribeTable', { TableName }));
      if (!isDeepStrictEqual(shapeOf(Table), shapeOf(definition)))
        throw new UserError(
          `table ${TableName} is there with other keys or indexes than the template's: start once with --fresh`,
        );
    }
    return this.#active(TableName);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  async #active(TableName: string): Promise<string> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const { Table } = described.parse(await this.#engine.call('DescribeTable', { TableName }));
      if (Table.TableStatus === 'ACTIVE') return Table.TableArn;
      await setImmediate();
    }
    throw new UserError(`table ${TableName} was left half made by a crash: start once with --fresh`);
  }
}

const byName = (one: { IndexName: string }, other: { IndexName: string }): number =>
  one.IndexName < other.IndexName ? -1 : 1;

const shapeOf = (table: unknown): z.output<typeof shape> => {
  const { KeySchema, GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = shape.parse(table);
  return {
    KeySchema,
    GlobalSecondaryIndexes: GlobalSecondaryIndexes.toSorted(byName),
    LocalSecondaryIndexes: LocalSecondaryIndexes.toSorted(byName),
  };
};
