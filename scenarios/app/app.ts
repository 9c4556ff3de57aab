import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { reachable } from './api-url.ts';
import { Jobs } from './jobs.ts';
import { findOutput } from './outputs.ts';
import { LocalControls, type Target, TooLongError } from './target.ts';

/** The deployed app in the hands of a scenario: its REST API, its brokers, and on an own machine its processes and its time. */
export class App {
  readonly target: Target;
  readonly jobs: Jobs;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  /** Only on the local cloud. */
  readonly local: LocalControls | undefined;

  constructor(target: Target) {
    this.target = target;
    this.jobs = new Jobs(reachable(this.output('ApiUrl'), target));
    this.local = target.name === 'local' && target.endpoint ? new LocalControls(target.endpoint) : undefined;
    const config = clientConfig(target);
    this.sqs = new SQSClient(config);
    this.sns = new SNSClient(config);
    // A shard allows five reads a second: whoever reads more often has to wait.
    this.kinesis = new KinesisClient({ ...config, maxAttempts: 10 });
    this.lambda = new LambdaClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: target.endpoint !== undefined });
    this.cloudwatch = new CloudWatchClient(config);
    this.dynamodb = new DynamoDBClient(config);
  }

  output(name: string): string {
    return findOutput(this.target.outputs, name);
  }

  /** Asks the REST API, with the answer as it is: scenarios look at statuses and headers. */
  fetch(path: string, init?: RequestInit): Promise<Response> {
    return this.jobs.fetch(path, init);
  }

  /** How many messages wait in a queue, and how many are in the hands of a consumer. */
  async depth(queueUrl: string): Promise<{ waiting: number; inFlight: number }> {
    const { Attributes: attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      waiting: Number(attributes.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    };
  }

  /**
   * Lets time pass: the local cloud skips it, any other target is waited for.
   * @throws {TooLongError} when the target has no patience for so long
   */
  async passTime(ms: number): Promise<void> {
    if (this.local) return this.local.skipTime(ms);
    const { longestWaitMs = Number.POSITIVE_INFINITY } = this.target;
    if (ms > longestWaitMs)
      throw new TooLongError(`it would have to wait for ${Math.round(ms / 1_000)} seconds`);
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  close(): void {
    const { sqs, sns, kinesis, lambda, s3, cloudwatch, dynamodb } = this;
    for (const client of [sqs, sns, kinesis, lambda, s3, cloudwatch, dynamodb]) client.destroy();
  }
}

/** An endpoint of one's own takes any credentials; on AWS they are the user's. */
const clientConfig = ({ endpoint }: Target) =>
  endpoint
    ? { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
    : {};
