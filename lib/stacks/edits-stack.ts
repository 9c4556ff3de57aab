import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { ApplyEditEnv } from '../../lambdas/apply-edit/env.ts';
import type { AppConfig } from '../config.ts';
import type { AlarmOptions } from '../constructs/alarms.ts';
import { FanOutTopic } from '../constructs/fan-out-topic.ts';
import { OrderedQueue } from '../constructs/ordered-queue.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { bindTable } from './job-table.ts';

export interface EditsStackProps extends StackProps {
  readonly config: AppConfig;
  readonly alarms: AlarmOptions;
}

/** The edits of images, applied one after the other for each image: the queue, its consumer and where they are kept. */
export class EditsStack extends Stack {
  readonly queue: OrderedQueue;
  readonly table: Table;
  /** What has been applied, for whoever wants to know. */
  readonly events: FanOutTopic;

  constructor(scope: Construct, id: string, { config, alarms, ...props }: EditsStackProps) {
    super(scope, id, props);
    this.table = new Table(this, 'Edits', {
      partitionKey: { name: 'imageId', type: AttributeType.STRING },
      sortKey: { name: 'n', type: AttributeType.NUMBER },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: config.removalPolicy,
    });

    // An edit that cannot be applied holds up its image: for three times six times 5 seconds, and no longer.
    this.queue = new OrderedQueue(this, 'Queue', { ...alarms, maxReceiveCount: 3 });
    const applyEdit = new ServiceFunction(this, 'ApplyEdit', {
      ...config.functions,
      entry: 'lambdas/apply-edit/handler.ts',
      env: ApplyEditEnv,
      description: 'Applies the edits of each image in order',
      timeout: Duration.seconds(5),
    });
    this.queue.consumeWith(applyEdit, { maxConcurrency: 5 });
    bindTable(applyEdit, 'EDITS_TABLE', this.table, ['dynamodb:Query', 'dynamodb:PutItem']);

    this.events = new FanOutTopic(this, 'EditEvents', alarms);
    this.events.publishFrom(applyEdit, 'EDIT_EVENTS_TOPIC_ARN');

    const outputs = {
      EditsQueueUrl: this.queue.queue.queueUrl,
      EditsDeadLettersUrl: this.queue.deadLetters.queue.queueUrl,
      EditEventsTopicArn: this.events.topic.topicArn,
      EditsTableName: this.table.tableName,
      ApplyEditFunctionName: applyEdit.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
