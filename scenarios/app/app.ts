import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Jobs } from './jobs.ts';
import { findOutput } from './outputs.ts';
import { LocalControls, type Target } from './target.ts';

/** The deployed app in the hands of a scenario: its REST API, its queues, and on an own machine its processes and its time. */
export class App {
  readonly target: Target;
  readonly jobs: Jobs;
  readonly sqs: SQSClient;
  /** Only on the local cloud. */
  readonly local: LocalControls | undefined;

  constructor(target: Target) {
    this.target = target;
    this.jobs = new Jobs(this.output('ApiUrl'));
    this.local = target.name === 'local' && target.endpoint ? new LocalControls(target.endpoint) : undefined;
    this.sqs = new SQSClient(clientConfig(target));
  }

  output(name: string): string {
    return findOutput(this.target.outputs, name);
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

  /** Lets time pass: the local cloud skips it, any other target is waited for. */
  async passTime(ms: number): Promise<void> {
    if (this.local) await this.local.skipTime(ms);
    else await new Promise((resolve) => setTimeout(resolve, ms));
  }

  close(): void {
    this.sqs.destroy();
  }
}

/** An endpoint of one's own takes any credentials; on AWS they are the user's. */
const clientConfig = ({ endpoint }: Target) =>
  endpoint
    ? { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
    : {};
