import { z } from 'zod';
import { cfnNumber } from './resource-type.ts';

export const attributeDefinitions = z.array(
  z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
);
export const keySchema = z.array(
  z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }),
);
export const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).exactOptional(),
});
export const throughput = z.strictObject({ ReadCapacityUnits: cfnNumber, WriteCapacityUnits: cfnNumber });
export const localIndex = z.strictObject({
  IndexName: z.string().regex(/^[\w.-]{3,255}$/),
  KeySchema: keySchema,
  Projection: projection,
});
export const billingMode = z.enum(['PROVISIONED', 'PAY_PER_REQUEST']);

const UNLIMITED = { ReadCapacityUnits: 40_000, WriteCapacityUnits: 40_000 };

interface TableProperties {
  readonly AttributeDefinitions: z.output<typeof attributeDefinitions>;
  readonly KeySchema: z.output<typeof keySchema>;
  readonly GlobalSecondaryIndexes?: readonly z.output<typeof localIndex>[] | undefined;
  readonly LocalSecondaryIndexes?: readonly z.output<typeof localIndex>[] | undefined;
  readonly BillingMode: z.output<typeof billingMode>;
}

/** The request of `CreateTable`: what of a table's properties has an effect here. */
export const tableDefinition = (TableName: string, properties: TableProperties) => {
  const { AttributeDefinitions, KeySchema, BillingMode } = properties;
  const capacity = BillingMode === 'PROVISIONED' ? { ProvisionedThroughput: UNLIMITED } : {};
  const global = (properties.GlobalSecondaryIndexes ?? []).map((index) => ({
    ...indexOf(index),
    ...capacity,
  }));
  const local = (properties.LocalSecondaryIndexes ?? []).map(indexOf);
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    BillingMode,
    ...capacity,
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
  };
};

const indexOf = ({ IndexName, KeySchema, Projection }: z.output<typeof localIndex>) => ({
  IndexName,
  KeySchema,
  Projection,
});
