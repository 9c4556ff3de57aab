import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { find } from './dashboard/find.ts';

/** What loses something when it goes: tables and objects, records, messages that wait. */
const holding: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Kinesis::Stream',
  'AWS::MSK::Cluster',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
]);

/** CloudFormation refuses to delete a stack of these that holds data, until somebody allows it for that stack by name. */
export const protectData = (scope: IConstruct): void => {
  for (const stack of find([scope], Stack))
    if (find([stack], CfnResource).some(({ cfnResourceType }) => holding.has(cfnResourceType)))
      stack.terminationProtection = true;
};
