import type { CfnResource } from 'aws-cdk-lib';
import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnCluster } from 'aws-cdk-lib/aws-msk';
import { NagRuleCompliance } from 'cdk-nag';
import * as z from 'zod';
import { numberOr, referencedBy } from '../references.ts';

const endless = -1;
const Destination = z.object({ onFailure: z.object({ destination: z.unknown() }) });

/**
 * A consumer of a stream or a Kafka topic gives a record up at some point, before the stream does, and keeps what it gave up. Retries and
 * record age are endless unless set, and a record that always fails then holds up its shard or partition until it expires
 * (AWS Lambda guide, "Configuring Kinesis event sources", "MaximumRetryAttempts").
 */
export const finiteStreamRetries = (node: CfnResource): NagRuleCompliance => {
  if (!(node instanceof CfnEventSourceMapping)) return NagRuleCompliance.NOT_APPLICABLE;
  const source = referencedBy(node, node.eventSourceArn);
  if (!(source instanceof CfnStream || source instanceof CfnCluster)) return NagRuleCompliance.NOT_APPLICABLE;

  const attempts = numberOr(node, node.maximumRetryAttempts, endless);
  const age = numberOr(node, node.maximumRecordAgeInSeconds, endless);
  // How long a topic keeps its records, its own configuration says, which is not readable here.
  const retentionHours =
    source instanceof CfnStream
      ? numberOr(source, source.retentionPeriodHours, 24)
      : Number.POSITIVE_INFINITY;
  if (attempts === undefined || age === undefined || retentionHours === undefined) {
    return NagRuleCompliance.NOT_APPLICABLE;
  }
  const finite = attempts !== endless && age !== endless && age < retentionHours * 60 * 60;
  return finite && Destination.safeParse(node.destinationConfig).success
    ? NagRuleCompliance.COMPLIANT
    : NagRuleCompliance.NON_COMPLIANT;
};
