import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { Protocol } from '../service.ts';

const notYet = (): never => {
  throw new AwsError('NotImplemented', 'DynamoDB is not there yet', 501);
};

/** Amazon DynamoDB, on the engine of dynalite. */
export class DynamoDb {
  readonly protocol: Protocol = { handle: async () => notYet() };

  constructor(_foundation: Foundation) {}

  /**
   * Makes sure that a table is there, in the terms of `CreateTable`.
   * @returns the table's ARN.
   */
  async createTable(_definition: Readonly<Record<string, unknown>>): Promise<string> {
    return notYet();
  }

  async close(): Promise<void> {}
}
