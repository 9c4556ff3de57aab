import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AwsError } from '../../errors.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What dynalite's operations are made of. The package has no types, and its own server cannot be mounted in another. */
interface DynaliteStore {
  readonly tableDb: { awsAccountId: string; awsRegion: string };
  readonly lifecycleManager: { gracefulClose(done: (error?: Error | null) => void): void };
}
interface DynaliteError extends Error {
  readonly statusCode?: number;
  readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string };
}
interface Validation {
  readonly types: Json;
  readonly custom?: unknown;
}
type Action = (
  store: DynaliteStore,
  input: Json,
  done: (error: DynaliteError | null, output?: Json) => void,
) => void;
interface Operation {
  readonly action: Action;
  readonly validation: Validation;
}

const require = createRequire(import.meta.url);
const database: { create(options: Json): DynaliteStore } = require('dynalite/db');
const validations: {
  checkTypes(input: Json, types: Json): Json;
  checkValidations(input: Json, types: Json, custom: unknown, store: DynaliteStore): void;
} = require('dynalite/validations');

const load = (name: string): Operation => {
  const file = name.charAt(0).toLowerCase() + name.slice(1);
  return { action: require(`dynalite/actions/${file}`), validation: require(`dynalite/validations/${file}`) };
};

const operations: ReadonlyMap<string, Operation> = new Map(
  [
    'BatchGetItem',
    'BatchWriteItem',
    'CreateTable',
    'DeleteItem',
    'DeleteTable',
    'DescribeTable',
    'DescribeTimeToLive',
    'GetItem',
    'ListTables',
    'ListTagsOfResource',
    'PutItem',
    'Query',
    'Scan',
    'TagResource',
    'UntagResource',
    'UpdateItem',
    'UpdateTable',
  ].map((name) => [name, load(name)]),
);

/** An error as DynamoDB says it; `type` is its name with the namespace that it has on the wire. */
export class DynamoDbError extends AwsError {
  readonly type: string;
  /** The item that failed a condition, when the caller asked for it. */
  readonly item: unknown;

  constructor(type: string, message: string, status = 400, item?: unknown) {
    super(type.split('#').at(-1) ?? type, message, status);
    this.type = type;
    this.item = item;
  }

  withItem(item: unknown): DynamoDbError {
    return new DynamoDbError(this.type, this.message, this.status, item);
  }
}

const toError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { body, statusCode }: DynaliteError = error;
  return body ? new DynamoDbError(body.__type, body.message ?? body.Message ?? '', statusCode) : error;
};

/** The operations of DynamoDB on dynalite, over a LevelDB whose log makes an acknowledged write survive a SIGKILL. */
export class DynamoDbEngine {
  readonly #store: DynaliteStore;

  constructor(directory: string, account: string, region: string) {
    mkdirSync(directory, { recursive: true });
    this.#store = database.create({ path: directory, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    // dynalite takes both from the environment of the process, which has nothing to do with this cloud.
    this.#store.tableDb.awsAccountId = account;
    this.#store.tableDb.awsRegion = region;
  }

  /** @throws {DynamoDbError} UnknownOperationException, ValidationException and all that DynamoDB answers. */
  async call(name: string, input: Json): Promise<Json> {
    const operation = operations.get(name);
    if (!operation)
      throw new DynamoDbError(
        'com.amazon.coral.service#UnknownOperationException',
        `The local cloud does not implement DynamoDB's ${name}`,
      );
    const { action, validation } = operation;
    const unknown = Object.keys(input).find((parameter) => !(parameter in validation.types));
    if (unknown)
      throw new DynamoDbError(
        'com.amazon.coral.validate#ValidationException',
        `The local cloud does not implement the parameter ${unknown} of DynamoDB's ${name}`,
      );
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    try {
      const checked = validations.checkTypes(input, validation.types);
      validations.checkValidations(checked, validation.types, validation.custom, this.#store);
      action(this.#store, checked, (error, output) =>
        error ? reject(toError(error)) : resolve(output ?? {}),
      );
    } catch (error) {
      reject(toError(error));
    }
    return promise;
  }

  close(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#store.lifecycleManager.gracefulClose((error) => (error ? reject(error) : resolve()));
    return promise;
  }
}
