import type { Needs } from './needs.ts';
import type { OptionName, Rule } from './options.ts';

const MIB = 1_024 * 1_024;
const DAY = 24;

const sqs = (page: string): string => `Amazon SQS Developer Guide, "${page}"`;
const sns = (page: string): string => `Amazon SNS Developer Guide, "${page}"`;
const kinesis = (page: string): string => `Amazon Kinesis Data Streams Developer Guide, "${page}"`;

/** Larger than a queue or a topic takes, and dear to carry for a stream or a log: the content goes elsewhere, and the message says where. */
export const CLAIM_CHECK_BYTES = MIB;

/** What the broker itself has to carry, in bytes: of large content only where it is. */
const carried = ({ size }: Needs): number => (size > CLAIM_CHECK_BYTES ? 1_024 : size);

/** What speaks against an option. The rest can do it; which of them is meant is `preference`. */
export const rules: readonly Rule[] = [
  {
    against: ['queue', 'topic'],
    when: ({ order }) => order !== 'none',
    because: 'it keeps no order: messages may overtake each other, and do after a consumer has failed',
    source: sqs('Amazon SQS standard queues'),
  },
  {
    against: ['queue', 'ordered queue', 'topic'],
    when: ({ replay }) => replay,
    because: 'what is acknowledged is gone: nobody can read it again',
    source: sqs('Amazon SQS message lifecycle'),
  },
  {
    against: ['queue', 'ordered queue'],
    when: ({ fanOut }) => fanOut > 1,
    because: 'a message goes to one of its consumers, not to each of them',
    source: sqs('What is Amazon Simple Queue Service'),
  },
  {
    against: ['queue', 'ordered queue', 'topic'],
    when: ({ retentionHours }) => retentionHours > 14 * DAY,
    because: 'a queue keeps a message for 14 days at most',
    source: sqs('Amazon SQS message quotas'),
  },
  {
    against: ['stream'],
    when: ({ retentionHours }) => retentionHours > 365 * DAY,
    because: 'a stream keeps a record for 365 days at most',
    source: kinesis('Change the data retention period'),
  },
  {
    against: ['ordered topic'],
    when: ({ retentionHours }) => retentionHours > 365 * DAY,
    because: 'the archive of a FIFO topic keeps a message for 365 days at most',
    source: sns('Amazon SNS message archiving and replay for FIFO topics'),
  },
  {
    against: ['ordered topic'],
    when: ({ fanOut }) => fanOut > 100,
    because: 'a FIFO topic has up to 100 subscriptions',
    source: 'Amazon SNS features, "Topic types"',
  },
  {
    against: ['ordered topic'],
    when: ({ rate }) => rate > 30_000,
    because: 'a FIFO topic takes 30,000 messages a second where it takes the most, and less in other regions',
    source: sns('High throughput FIFO topics in Amazon SNS'),
  },
  {
    against: ['stream'],
    when: ({ order, rate }) => order === 'all' && rate > 1_000,
    because: 'one order over all needs one shard, which takes 1,000 records a second',
    source: kinesis('Quotas and limits'),
  },
  {
    against: ['stream'],
    when: (needs) => needs.order === 'all' && needs.rate * carried(needs) > MIB,
    because: 'one order over all needs one shard, which takes 1 MiB a second',
    source: kinesis('Quotas and limits'),
  },
  {
    against: ['ordered queue', 'ordered topic'],
    when: ({ order, rate }) => order === 'all' && rate > 300,
    because:
      'one order over all is one message group, whose partition takes 300 calls a second without batches',
    source: sqs('Amazon SQS FIFO queue quotas'),
  },
  {
    against: ['stream'],
    when: ({ fanOut }) => fanOut > 20,
    because:
      'a stream has up to 20 consumers with enhanced fan-out (50 in on-demand Advantage mode), and without it they share what a shard gives',
    source: kinesis('Develop enhanced fan-out consumers with dedicated throughput'),
  },
  {
    against: ['topic'],
    when: (needs) => carried(needs) > 256 * 1_024 && needs.fanOut > 100,
    because: 'messages above 256 KiB go to 100 subscriptions at most',
    source: sns('Amazon SNS message size'),
  },
  {
    against: ['stream', 'log'],
    when: ({ budget }) => budget === 'idle-free',
    because: 'it costs by the hour, also while nothing happens',
    source: 'Amazon Kinesis Data Streams pricing; Amazon MSK pricing',
  },
  {
    against: ['log'],
    when: ({ budget }) => budget === 'low',
    because: 'a cluster of brokers costs by the hour whatever it does, more than the others at a low rate',
    source: 'Amazon MSK pricing',
  },
  {
    against: ['queue', 'ordered queue', 'topic', 'ordered topic', 'stream'],
    when: ({ kafka }) => kafka,
    because: 'it does not speak the protocol of Kafka',
    source: 'Apache Kafka documentation, "Kafka Protocol Guide"',
  },
  {
    against: ['queue', 'ordered queue', 'topic', 'ordered topic', 'stream'],
    when: ({ languages }) => languages.includes('c'),
    because: 'there is no AWS SDK for C',
    source: 'AWS SDKs and Tools Reference Guide, "AWS SDKs and tools overview"',
  },
];

/**
 * Of what is left the first is meant: the one with the least to run and to pay for. To be read again is what a stream is
 * made for; a FIFO topic sends what it has archived once more to a queue.
 */
export const preference = ({ fanOut, order, replay }: Needs): readonly OptionName[] => {
  const kept: readonly OptionName[] = ['stream', 'ordered topic', 'log'];
  if (order === 'none') return [fanOut > 1 ? 'topic' : 'queue', ...kept];
  if (fanOut > 1) return replay ? kept : ['ordered topic', 'stream', 'log'];
  return ['ordered queue', ...kept];
};

/** Why the first is the first. */
export const merits: Readonly<Record<OptionName, { readonly why: string; readonly source: string }>> = {
  queue: {
    why: 'each message goes to one worker, is retried until it is acknowledged, and costs nothing while none comes',
    source: sqs('What is Amazon Simple Queue Service'),
  },
  'ordered queue': {
    why: 'order within a message group, a repeated send dropped for 5 minutes, nothing to provision',
    source: sqs('Amazon SQS FIFO queues'),
  },
  topic: {
    why: 'every subscriber has its own copy in its own queue: one that is slow or away disturbs nobody',
    source: sns('Fanout to Amazon SQS queues'),
  },
  'ordered topic': {
    why: 'every subscriber has its own copy in its own FIFO queue, in order within a message group; costs nothing while none comes, and can be replayed where messageRetentionPeriodInDays archives it',
    source: `${sns('Amazon SNS message grouping for FIFO topics')}; ${sns('Amazon SNS message archiving and replay for FIFO topics')}`,
  },
  stream: {
    why: 'order within a partition key, kept and read again by as many as need it, each at its own place',
    source: kinesis('Amazon Kinesis Data Streams terminology and concepts'),
  },
  log: {
    why: 'order within a partition, kept as long as wanted, read again from any offset, clients in every language',
    source: 'Apache Kafka documentation, "Introduction"',
  },
};

/** A warning that goes with an answer, whichever it is. */
export interface Advice {
  readonly when: (needs: Needs) => boolean;
  readonly say: string;
  readonly source: string;
}

export const advice: readonly Advice[] = [
  {
    when: ({ size }) => size > CLAIM_CHECK_BYTES,
    say: 'keep the content in Amazon S3 and send where it is (claim check): a queue and a topic carry 1 MiB at most, and more is dear in a stream or a log',
    source: sqs('Managing large Amazon SQS messages using Amazon S3'),
  },
  {
    when: ({ order }) => order === 'key',
    say: 'choose the key well: it is what order is kept by, and what the work is divided by',
    source: sqs('Using the message group ID with Amazon SQS FIFO queues'),
  },
  {
    when: ({ order }) => order === 'all',
    say: 'one order over all leaves one consumer at a time: ask whether order by key would do',
    source: kinesis('Amazon Kinesis Data Streams terminology and concepts'),
  },
  {
    when: ({ fanOut, order, rate }) => fanOut > 1 && order !== 'none' && rate > 3_000,
    say: 'a FIFO topic takes more than 3,000 messages a second only with fifoThroughputScope MESSAGE_GROUP among its topicProps',
    source: sns('High throughput FIFO topics in Amazon SNS'),
  },
  {
    when: ({ rate, order }) => rate > 300 && order === 'key',
    say: 'a FIFO queue needs its high throughput mode (OrderedQueue sets it), a stream enough shards: 1,000 records or 1 MiB a second each',
    source: `${sqs('High throughput for FIFO queues')}; ${kinesis('Quotas and limits')}`,
  },
  {
    when: ({ languages }) => languages.includes('other'),
    say: 'without an SDK, SQS, SNS and Kinesis can be called over HTTPS with Signature Version 4; Kafka needs a client',
    source: 'AWS Identity and Access Management User Guide, "AWS Signature Version 4 for API requests"',
  },
];
