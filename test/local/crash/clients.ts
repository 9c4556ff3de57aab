import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Clients that never send anything twice on their own: whatever is doubled, the cloud has doubled. */
export class Clients {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly kinesis: KinesisClient;

  constructor(endpoint: string) {
    const config = {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    };
    this.sqs = new SQSClient(config);
    this.sns = new SNSClient(config);
    this.kinesis = new KinesisClient(config);
  }

  close(): void {
    this.sqs.destroy();
    this.sns.destroy();
    this.kinesis.destroy();
  }
}

export const queueUrl = (endpoint: string, name: string): string => `${endpoint}/000000000000/${name}`;
export const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:topic';
export const ORDERED_TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:ordered.fifo';
