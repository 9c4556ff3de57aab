import { z } from 'zod';
import { tableName } from './authorization.ts';
import { type DynamoDbEngine, DynamoDbError, type Json } from './engine.ts';

const named = z.looseObject({ TableName: z.string() });
const timeToLive = z.object({
  TableName: z.string(),
  TimeToLiveSpecification: z.record(z.string(), z.unknown()),
});
const attributes = z.record(z.string(), z.unknown());
const keyed = z.object({ Key: attributes.optional(), Item: attributes.optional(), TableName: z.string() });
const described = z.object({
  Table: z.object({ KeySchema: z.array(z.object({ AttributeName: z.string() })) }),
});

const ON_FAILURE = 'ReturnValuesOnConditionCheckFailure';

/** DynamoDB's operations: the engine's, and the few that the app's SDK calls and dynalite lacks. */
export class Operations {
  readonly #engine: DynamoDbEngine;

  constructor(engine: DynamoDbEngine) {
    this.#engine = engine;
  }

  async call(name: string, input: Json): Promise<Json> {
    const table = named.safeParse(input);
    const request: Json = table.success ? { ...input, TableName: tableName(table.data.TableName) } : input;
    if (name === 'UpdateTimeToLive') return this.#updateTimeToLive(request);
    if (!(ON_FAILURE in request)) return this.#engine.call(name, request);

    const { [ON_FAILURE]: returned, ...rest } = request;
    try {
      return await this.#engine.call(name, rest);
    } catch (error) {
      if (
        error instanceof DynamoDbError &&
        error.code === 'ConditionalCheckFailedException' &&
        returned === 'ALL_OLD'
      )
        throw error.withItem(await this.#presentItem(rest));
      throw error;
    }
  }

  /** Accepted, not emulated: no item expires here. A missing table is an error all the same. */
  async #updateTimeToLive(input: Json): Promise<Json> {
    const { TableName, TimeToLiveSpecification } = timeToLive.parse(input);
    await this.#engine.call('DescribeTable', { TableName });
    return { TimeToLiveSpecification };
  }

  async #presentItem(input: Json): Promise<unknown> {
    const { TableName, Key, Item } = keyed.parse(input);
    const { Table } = described.parse(await this.#engine.call('DescribeTable', { TableName }));
    const key =
      Key ??
      Object.fromEntries(Table.KeySchema.map(({ AttributeName }) => [AttributeName, Item?.[AttributeName]]));
    const { Item: present } = await this.#engine.call('GetItem', {
      TableName,
      Key: key,
      ConsistentRead: true,
    });
    return present;
  }
}
