import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { ConnectEnv } from '../../lambdas/connect/env.ts';
import { DisconnectEnv } from '../../lambdas/disconnect/env.ts';
import { WEBHOOK_ATTEMPTS } from '../../lambdas/domain/webhook-retries.ts';
import { PushJobChangeEnv } from '../../lambdas/push-job-change/env.ts';
import { RefuseMessageEnv } from '../../lambdas/refuse-message/env.ts';
import { SendJobWebhookEnv } from '../../lambdas/send-job-webhook/env.ts';
import { WatchJobEnv } from '../../lambdas/watch-job/env.ts';
import type { AppConfig } from '../config.ts';
import { OrderedQueue } from '../constructs/ordered-queue.ts';
import { PushChannel } from '../constructs/push-channel.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { ImageWorkerStack } from './image-worker-stack.ts';
import { bindTable } from './job-table.ts';
import type { StorageStack } from './storage-stack.ts';

export interface PushStackProps extends StackProps {
  readonly config: AppConfig;
  readonly storage: StorageStack;
  readonly worker: ImageWorkerStack;
}

/** Tells those who watch a job what becomes of it: over a WebSocket, and by signed webhook. */
export class PushStack extends Stack {
  readonly channel: PushChannel;
  /** Where the events of a job go, what they are signed with, and how far they have got. */
  readonly webhooks: Table;
  readonly webhookQueue: OrderedQueue;
  private readonly props: PushStackProps;

  constructor(scope: Construct, id: string, props: PushStackProps) {
    super(scope, id, props);
    this.props = props;
    const { removalPolicy } = props.config;
    this.webhooks = new Table(this, 'Webhooks', {
      partitionKey: { name: 'jobId', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
    });
    this.webhookQueue = new OrderedQueue(this, 'JobWebhooks', {
      ...props.storage.alarmOptions,
      maxReceiveCount: WEBHOOK_ATTEMPTS,
      // Older than the whole schedule of retries: by then none is left, and something else is wrong.
      maxAge: Duration.days(1),
    });
    this.channel = this.createChannel();
    const pushJobChange = this.pushChanges();
    const sendJobWebhook = this.sendWebhooks();

    const outputs = {
      WebSocketUrl: this.channel.url,
      JobChangesQueueUrl: props.worker.jobChanges.queue.queueUrl,
      JobWebhooksQueueUrl: this.webhookQueue.queue.queueUrl,
      JobWebhooksDeadLettersUrl: this.webhookQueue.deadLetters.queue.queueUrl,
      PushJobChangeFunctionName: pushJobChange.function.functionName,
      SendJobWebhookFunctionName: sendJobWebhook.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  private createChannel(): PushChannel {
    const { config, storage, worker } = this.props;
    const { functions, removalPolicy } = config;
    const onConnect = new ServiceFunction(this, 'Connect', {
      ...functions,
      entry: 'lambdas/connect/handler.ts',
      env: ConnectEnv,
      description: 'Lets a client connect',
    });
    const onDisconnect = new ServiceFunction(this, 'Disconnect', {
      ...functions,
      entry: 'lambdas/disconnect/handler.ts',
      env: DisconnectEnv,
      description: 'Forgets a client that has gone',
    });
    const watch = new ServiceFunction(this, 'WatchJob', {
      ...functions,
      entry: 'lambdas/watch-job/handler.ts',
      env: WatchJobEnv,
      description: 'Lets a client watch a job',
    });
    const refuse = new ServiceFunction(this, 'RefuseMessage', {
      ...functions,
      entry: 'lambdas/refuse-message/handler.ts',
      env: RefuseMessageEnv,
      description: 'Tells a client what is wrong with its message',
    });
    bindTable(watch, 'JOBS_TABLE', storage.jobs, ['dynamodb:GetItem']);
    worker.jobChanges.sendFrom(watch, 'JOB_CHANGES_QUEUE_URL');

    const channel = new PushChannel(this, 'Channel', {
      onConnect,
      onDisconnect,
      actions: { watch },
      otherwise: refuse,
      logRetention: functions.logRetention,
      logRemovalPolicy: removalPolicy,
      removalPolicy,
    });
    channel.trackFrom(watch, 'CONNECTIONS_TABLE');
    channel.forgetFrom(onDisconnect, 'CONNECTIONS_TABLE');
    return channel;
  }

  private pushChanges(): ServiceFunction {
    const { config, storage, worker } = this.props;
    const pushJobChange = new ServiceFunction(this, 'PushJobChange', {
      ...config.functions,
      entry: 'lambdas/push-job-change/handler.ts',
      env: PushJobChangeEnv,
      description: 'Tells the watchers of a job what has become of it',
    });
    worker.jobChanges.consumeWith(pushJobChange);
    bindTable(pushJobChange, 'JOBS_TABLE', storage.jobs, ['dynamodb:GetItem']);
    this.channel.pushFrom(pushJobChange, { endpoint: 'PUSH_ENDPOINT', connections: 'CONNECTIONS_TABLE' });
    this.webhookQueue.sendFrom(pushJobChange, 'JOB_WEBHOOKS_QUEUE_URL');
    return pushJobChange;
  }

  private sendWebhooks(): ServiceFunction {
    const { config, storage } = this.props;
    const sendJobWebhook = new ServiceFunction(this, 'SendJobWebhook', {
      ...config.functions,
      entry: 'lambdas/send-job-webhook/handler.ts',
      env: SendJobWebhookEnv,
      description: 'Sends the events of jobs to their webhooks',
      // A job has a handful of events, and each may take the receiver five seconds.
      timeout: Duration.seconds(60),
    });
    this.webhookQueue.consumeWith(sendJobWebhook);
    this.webhookQueue.postponeFrom(sendJobWebhook, 'JOB_WEBHOOKS_QUEUE_URL');
    bindTable(sendJobWebhook, 'JOBS_TABLE', storage.jobs, ['dynamodb:GetItem']);
    bindTable(sendJobWebhook, 'WEBHOOKS_TABLE', this.webhooks, [
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ]);
    sendJobWebhook.addEnvironment('ALLOW_PRIVATE_WEBHOOKS', String(config.allowPrivateWebhooks));
    return sendJobWebhook;
  }
}
