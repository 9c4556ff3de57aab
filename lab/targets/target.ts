import type { Outage } from '../broker.ts';

/** What the lab's stack has for it. */
export interface LabResources {
  readonly queueUrl: string;
  readonly orderedQueueUrl: string;
  readonly topicArn: string;
  /** Each subscribed to the topic. */
  readonly copyQueueUrls: readonly string[];
  readonly streamName: string;
}

/** A cloud that has the lab's stack. */
export interface CloudTarget {
  readonly name: 'local' | 'endpoint' | 'aws';
  /** The address of its services; on AWS the SDK knows it. */
  readonly endpoint?: string;
  /** What was measured, for the report. */
  readonly version: string;
  readonly resources: LabResources;
  /** Only a cloud of one's own can be made to fail. */
  readonly outage?: Outage;
}
