import type { Needs } from './needs.ts';

export const optionNames = ['queue', 'ordered queue', 'topic', 'ordered topic', 'stream', 'log'] as const;
export type OptionName = (typeof optionNames)[number];

/** What can be chosen. */
export interface Option {
  readonly pattern: OptionName;
  readonly broker: string;
  readonly construct: string;
}

export const options: Readonly<Record<OptionName, Option>> = {
  queue: { pattern: 'queue', broker: 'Amazon SQS, standard', construct: 'WorkQueue' },
  'ordered queue': { pattern: 'ordered queue', broker: 'Amazon SQS, FIFO', construct: 'OrderedQueue' },
  topic: {
    pattern: 'topic',
    broker: 'Amazon SNS with a queue of Amazon SQS for each subscriber',
    construct: 'FanOutTopic with a WorkQueue each',
  },
  'ordered topic': {
    pattern: 'ordered topic',
    broker: 'Amazon SNS, FIFO, with a FIFO queue of Amazon SQS for each subscriber',
    construct: 'FanOutTopic with topicProps: { fifo: true }, with an OrderedQueue each',
  },
  stream: { pattern: 'stream', broker: 'Amazon Kinesis Data Streams', construct: 'EventStream' },
  log: { pattern: 'log', broker: 'Apache Kafka on Amazon MSK', construct: 'KafkaTopic' },
};

/** Why an option cannot do what is needed. */
export interface Rule {
  readonly against: readonly OptionName[];
  readonly when: (needs: Needs) => boolean;
  readonly because: string;
  readonly source: string;
}
