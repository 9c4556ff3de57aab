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

export const dynamoDbTable = resourceType({
  type: 'AWS::DynamoDB::Table',
  attributes: ['Arn'],
  properties: z.strictObject({
    TableName: z.string().optional(),
    AttributeDefinitions: attributeDefinitions,
    KeySchema: keySchema,
    GlobalSecondaryIndexes: z
      .array(
        localIndex.extend({
          ProvisionedThroughput: unmetered,
          OnDemandThroughput: unmetered,
          ContributorInsightsSpecification: acceptedNotEmulated('there are no contributor insights here'),
        }),
      )
      .optional(),
    LocalSecondaryIndexes: z.array(localIndex).optional(),
    BillingMode: billingMode.default('PROVISIONED'),
    ProvisionedThroughput: unmetered,
    OnDemandThroughput: unmetered,
    WarmThroughput: unmetered,
    ContributorInsightsSpecification: acceptedNotEmulated('there are no contributor insights here'),
    DeletionProtectionEnabled: acceptedNotEmulated('no table is deleted by a deployment'),
    PointInTimeRecoverySpecification: acceptedNotEmulated('there are no backups on this machine'),
    SSESpecification: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    TableClass: acceptedNotEmulated('storage is not billed on this machine'),
    TimeToLiveSpecification: acceptedNotEmulated('no item expires on this machine'),
    Tags: cfnTags,
  }),
  create: async (properties, { cloud, name }) => {
    const table = properties.TableName ?? name({ maxLength: 255 });
    const arn = await cloud.dynamodb.createTable(tableDefinition(table, properties));
    return { ref: table, attributes: { Arn: arn } };
  },
});
