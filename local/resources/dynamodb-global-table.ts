import { z } from 'zod';
import {
  attributeDefinitions,
  billingMode,
  keySchema,
  localIndex,
  tableDefinition,
} from './dynamodb-properties.ts';
import { acceptedNotEmulated, cfnTags, resourceType } from './resource-type.ts';

const unmetered = acceptedNotEmulated('throughput is neither limited nor billed on this machine');

const replica = z.strictObject({
  Region: z.string(),
  ContributorInsightsSpecification: acceptedNotEmulated('there are no contributor insights here'),
  DeletionProtectionEnabled: acceptedNotEmulated('no table is deleted by a deployment'),
  GlobalSecondaryIndexes: unmetered,
  PointInTimeRecoverySpecification: acceptedNotEmulated('there are no backups on this machine'),
  ReadOnDemandThroughputSettings: unmetered,
  ReadProvisionedThroughputSettings: unmetered,
  SSESpecification: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
  TableClass: acceptedNotEmulated('storage is not billed on this machine'),
  Tags: cfnTags,
});

/** The CDK's `TableV2`: one replica, which is the table itself. */
export const dynamoDbGlobalTable = resourceType({
  type: 'AWS::DynamoDB::GlobalTable',
  attributes: ['Arn'],
  properties: z.strictObject({
    TableName: z.string().optional(),
    AttributeDefinitions: attributeDefinitions,
    KeySchema: keySchema,
    GlobalSecondaryIndexes: z
      .array(
        localIndex.extend({
          WarmThroughput: unmetered,
          WriteOnDemandThroughputSettings: unmetered,
          WriteProvisionedThroughputSettings: unmetered,
        }),
      )
      .optional(),
    LocalSecondaryIndexes: z.array(localIndex).optional(),
    BillingMode: billingMode.default('PROVISIONED'),
    Replicas: z.array(replica).length(1),
    SSESpecification: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    TimeToLiveSpecification: acceptedNotEmulated('no item expires on this machine'),
    WarmThroughput: unmetered,
    WriteOnDemandThroughputSettings: unmetered,
    WriteProvisionedThroughputSettings: unmetered,
  }),
  create: async (properties, { cloud, name }) => {
    const table = properties.TableName ?? name({ maxLength: 255 });
    const arn = await cloud.dynamodb.createTable(tableDefinition(table, properties));
    return { ref: table, attributes: { Arn: arn } };
  },
});
