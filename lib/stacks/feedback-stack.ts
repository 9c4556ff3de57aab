import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { KeepFeedbackEnv } from '../../lambdas/keep-feedback/env.ts';
import type { AppConfig } from '../config.ts';
import type { AlarmOptions } from '../constructs/alarms.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { bindTable } from './job-table.ts';

export interface FeedbackStackProps extends StackProps {
  readonly config: AppConfig;
  readonly alarms: AlarmOptions;
}

/** What becomes of feedback: a queue that the API fills by itself, and a function that keeps what is in it. */
export class FeedbackStack extends Stack {
  readonly feedback: WorkQueue;

  constructor(scope: Construct, id: string, props: FeedbackStackProps) {
    super(scope, id, props);
    const { config, alarms } = props;
    // More than its consumer is behind in a busy minute: somebody should look before it is late.
    this.feedback = new WorkQueue(this, 'Feedback', { ...alarms, maxBacklog: 100 });
    const table = new Table(this, 'Kept', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: config.removalPolicy,
    });
    const keepFeedback = new ServiceFunction(this, 'KeepFeedback', {
      ...config.functions,
      entry: 'lambdas/keep-feedback/handler.ts',
      env: KeepFeedbackEnv,
      description: 'Keeps what users say',
    });
    this.feedback.consumeWith(keepFeedback, { maxConcurrency: 5 });
    bindTable(keepFeedback, 'FEEDBACK_TABLE', table, ['dynamodb:PutItem']);

    const outputs = {
      FeedbackQueueUrl: this.feedback.queue.queueUrl,
      FeedbackDeadLettersUrl: this.feedback.deadLetters.queue.queueUrl,
      FeedbackTableName: table.tableName,
      KeepFeedbackFunctionName: keepFeedback.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
