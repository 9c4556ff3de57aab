import { CfnOutput, Duration, RemovalPolicies, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EventStream } from '../constructs/event-stream.ts';
import { FanOutTopic } from '../constructs/fan-out-topic.ts';
import { OrderedQueue } from '../constructs/ordered-queue.ts';
import { WorkQueue } from '../constructs/work-queue.ts';

/** A run is over in minutes: what it left behind need not be kept. */
const retention = Duration.hours(1);

/** A broker of each kind for the lab alone, so that measuring never disturbs the app. Its clients are processes, not functions. */
export class LabStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const queue = new WorkQueue(this, 'Queue', { retention });
    const ordered = new OrderedQueue(this, 'Ordered', { retention });
    const topic = new FanOutTopic(this, 'Topic');
    const copies = ['A', 'B'].map((name) => new WorkQueue(this, `Copy${name}`, { retention }));
    for (const copy of copies) topic.subscribe(copy, { raw: true });
    const stream = new EventStream(this, 'Stream', { shardCount: 4 });

    // What it holds is of no use to anybody: nothing shall be left behind.
    RemovalPolicies.of(this).destroy();

    const outputs = {
      LabQueueUrl: queue.queue.queueUrl,
      LabOrderedQueueUrl: ordered.queue.queueUrl,
      LabTopicArn: topic.topic.topicArn,
      LabCopyQueueUrls: copies.map(({ queue: { queueUrl } }) => queueUrl).join(' '),
      LabStreamName: stream.stream.streamName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
