import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { DeliverInboxEnv } from '../../lambdas/deliver-inbox/env.ts';
import { DeliverWebhooksEnv } from '../../lambdas/deliver-webhooks/env.ts';
import { KeepAlertEnv } from '../../lambdas/keep-alert/env.ts';
import type { AppConfig } from '../config.ts';
import type { AlarmOptions } from '../constructs/alarms.ts';
import { FanOutTopic } from '../constructs/fan-out-topic.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { allowIndex, bindTable } from './job-table.ts';
import { NewsletterTables } from './newsletter-tables.ts';

export interface NewsletterStackProps extends StackProps {
  readonly config: AppConfig;
  readonly alarms: AlarmOptions;
}

/**
 * Who delivers an issue sends the next page of its subscribers to the queue that it came from. Lambda would stop that after
 * 16 pages (AWS Lambda guide, "Lambda recursive loop detection"); it ends by itself, as each page lies behind the one before.
 */
const pageByPage = { recursiveLoop: RecursiveLoop.ALLOW };

/** Each issue goes to every channel, and each channel to those who subscribed by it: a topic, and a queue for each channel. */
export class NewsletterStack extends Stack {
  readonly newsletters: FanOutTopic;
  readonly inboxDeliveries: WorkQueue;
  readonly webhookDeliveries: WorkQueue;
  readonly tables: NewsletterTables;

  constructor(scope: Construct, id: string, props: NewsletterStackProps) {
    super(scope, id, props);
    const { config, alarms } = props;
    this.tables = new NewsletterTables(this, 'Tables', { removalPolicy: config.removalPolicy });
    this.newsletters = new FanOutTopic(this, 'Newsletters', alarms);
    this.inboxDeliveries = new WorkQueue(this, 'InboxDeliveries', alarms);
    this.webhookDeliveries = new WorkQueue(this, 'WebhookDeliveries', {
      ...alarms,
      // The function counts attempts and gives up with a cause. This is for messages that it never gets to decide on.
      maxReceiveCount: 20,
      // A receiver may be down for hours, and its webhooks wait for it.
      maxAge: Duration.days(1),
    });
    const alerts = new WorkQueue(this, 'Alerts', alarms);
    this.newsletters.subscribe(this.inboxDeliveries, { raw: true });
    this.newsletters.subscribe(this.webhookDeliveries, { raw: true });
    this.newsletters.subscribe(alerts, {
      raw: true,
      filter: { topic: SubscriptionFilter.stringFilter({ allowlist: ['alerts'] }) },
    });

    const deliverInbox = this.deliverInbox(config);
    const deliverWebhooks = this.deliverWebhooks(config);
    const keepAlert = this.keepAlert(config, alerts);
    const outputs = {
      NewslettersTopicArn: this.newsletters.topic.topicArn,
      InboxDeliveriesQueueUrl: this.inboxDeliveries.queue.queueUrl,
      WebhookDeliveriesQueueUrl: this.webhookDeliveries.queue.queueUrl,
      WebhookDeliveriesDeadLettersUrl: this.webhookDeliveries.deadLetters.queue.queueUrl,
      AlertsQueueUrl: alerts.queue.queueUrl,
      SubscriptionsTableName: this.tables.subscriptions.tableName,
      InboxesTableName: this.tables.inboxes.tableName,
      AlertsTableName: this.tables.alerts.tableName,
      DeliverInboxFunctionName: deliverInbox.function.functionName,
      DeliverWebhooksFunctionName: deliverWebhooks.function.functionName,
      KeepAlertFunctionName: keepAlert.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  private deliverInbox(config: AppConfig): ServiceFunction {
    const { subscriptions, inboxes } = this.tables;
    const fn = new ServiceFunction(this, 'DeliverInbox', {
      ...config.functions,
      entry: 'lambdas/deliver-inbox/handler.ts',
      env: DeliverInboxEnv,
      description: 'Puts newsletters into inboxes',
      timeout: Duration.seconds(30),
      functionProps: pageByPage,
    });
    this.inboxDeliveries.consumeWith(fn, { maxConcurrency: 5 });
    this.inboxDeliveries.sendFrom(fn, 'INBOX_DELIVERIES_QUEUE_URL');
    fn.addEnvironment('SUBSCRIPTIONS_TABLE', subscriptions.tableName);
    allowIndex(fn, subscriptions, 'byChannel');
    bindTable(fn, 'INBOXES_TABLE', inboxes, ['dynamodb:BatchWriteItem']);
    return fn;
  }

  private deliverWebhooks(config: AppConfig): ServiceFunction {
    const { subscriptions, receipts } = this.tables;
    const { queue, deadLetters } = this.webhookDeliveries;
    const fn = new ServiceFunction(this, 'DeliverWebhooks', {
      ...config.functions,
      entry: 'lambdas/deliver-webhooks/handler.ts',
      env: DeliverWebhooksEnv,
      description: 'Sends newsletters to webhooks',
      timeout: Duration.seconds(20),
      functionProps: pageByPage,
    });
    // One webhook at a time: a receiver that does not answer holds up no other.
    this.webhookDeliveries.consumeWith(fn, { batchSize: 1, maxConcurrency: 10 });
    this.webhookDeliveries.sendFrom(fn, 'WEBHOOK_DELIVERIES_QUEUE_URL');
    fn.allow({ actions: ['sqs:ChangeMessageVisibility'], resources: [queue.queueArn] });
    fn.bind('WEBHOOK_DEAD_LETTERS_URL', deadLetters.queue.queueUrl, {
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queue.queueArn],
    });
    bindTable(fn, 'SUBSCRIPTIONS_TABLE', subscriptions, ['dynamodb:GetItem', 'dynamodb:PutItem']);
    allowIndex(fn, subscriptions, 'byChannel');
    bindTable(fn, 'RECEIPTS_TABLE', receipts, ['dynamodb:GetItem', 'dynamodb:PutItem']);
    fn.addEnvironment('ALLOW_PRIVATE_WEBHOOKS', String(config.allowPrivateWebhooks));
    return fn;
  }

  private keepAlert(config: AppConfig, alerts: WorkQueue): ServiceFunction {
    const fn = new ServiceFunction(this, 'KeepAlert', {
      ...config.functions,
      entry: 'lambdas/keep-alert/handler.ts',
      env: KeepAlertEnv,
      description: 'Keeps the newsletters that are alerts',
    });
    alerts.consumeWith(fn, { maxConcurrency: 5 });
    bindTable(fn, 'ALERTS_TABLE', this.tables.alerts, ['dynamodb:PutItem']);
    return fn;
  }
}
