import type { BrokerName } from '../broker.ts';
import type { Criterion } from './cell.ts';

export interface Fact {
  readonly value: string;
  /** The title of where it can be read. */
  readonly source: string;
}

const awsSdks: Fact = {
  value:
    'an AWS SDK each for C++, Go, Java, JavaScript/TypeScript, Kotlin, .NET, PHP, Python, Ruby, Rust, SAP ABAP, Swift',
  source: 'AWS SDKs and Tools Reference Guide, "AWS SDKs and tools overview"',
};

const sqsStandards: Fact = {
  value: 'AWS JSON over HTTPS; JMS 1.1 from Java through a library; no AMQP, no MQTT; no CloudEvents binding',
  source:
    'Amazon SQS Developer Guide, "Using JMS with Amazon SQS"; CloudEvents, "Protocol Bindings": none for it',
};

const sqsStored: Fact = {
  value: 'stored on several servers before it is acknowledged, kept for up to 14 days',
  source: 'Amazon SQS Developer Guide, "Resilience in Amazon SQS" and "Amazon SQS message quotas"',
};

const sqsKept: Fact = {
  value: 'kept up to 14 days until it is deleted, whoever is away; what was deleted cannot be read again',
  source: 'Amazon SQS Developer Guide, "Amazon SQS message quotas" and "Amazon SQS message lifecycle"',
};

/** What the documentation promises of a criterion that can be measured. Latency it does not mention for most. */
type Promised = Readonly<Record<'ordering' | 'delivery' | 'durability' | 'scalability', Fact>> & {
  readonly latency?: Fact;
};

/** Nobody shall take what was seen for a promise; and where nothing can be seen, this is what is known. */
export const promised: Readonly<Record<BrokerName, Promised>> = {
  sqs: {
    durability: sqsKept,
    scalability: {
      value: 'nearly unlimited calls a second; as many consumers as are wanted',
      source: 'Amazon SQS Developer Guide, "Amazon SQS standard queues"',
    },
    ordering: { value: 'best effort', source: 'Amazon SQS Developer Guide, "Amazon SQS standard queues"' },
    delivery: { value: 'at least once', source: 'Amazon SQS Developer Guide, "At-least-once delivery"' },
  },
  'sqs-fifo': {
    durability: sqsKept,
    scalability: {
      value:
        'one consumer at a time for each message group; 300 calls a second for each kind, far more with high throughput and many groups',
      source:
        'Amazon SQS Developer Guide, "Amazon SQS FIFO queue quotas" and "High throughput for FIFO queues in Amazon SQS"',
    },
    ordering: {
      value: 'within a message group',
      source: 'Amazon SQS Developer Guide, "FIFO queue delivery logic in Amazon SQS"',
    },
    delivery: {
      value: 'a send that is repeated within 5 minutes is dropped; until it is deleted a message comes again',
      source: 'Amazon SQS Developer Guide, "Exactly-once processing in Amazon SQS"',
    },
  },
  'sns-sqs': {
    durability: {
      value: `each queue that is subscribed keeps its copy: ${sqsKept.value}`,
      source: `Amazon SNS Developer Guide, "Fanout to Amazon SQS queues"; ${sqsKept.source}`,
    },
    scalability: {
      value: 'up to 12,500,000 subscriptions, each queue with as many consumers as are wanted',
      source: 'AWS General Reference, "Amazon Simple Notification Service endpoints and quotas"',
    },
    ordering: {
      value: 'best effort',
      source: 'Amazon SNS Developer Guide, "Amazon SNS features and capabilities"',
    },
    delivery: {
      value: 'at least once to each queue',
      source: 'Amazon SNS Developer Guide, "Amazon SNS message delivery retries"',
    },
  },
  kinesis: {
    durability: {
      value: 'kept for 24 hours to 365 days, read again from the start, a time or a sequence number',
      source:
        'Amazon Kinesis Data Streams Developer Guide, "Change the data retention period"; API Reference, "GetShardIterator"',
    },
    scalability: {
      value:
        'by shards: each takes 1 MB or 1,000 records a second, gives 2 MB a second to its consumers together, or to each with enhanced fan-out',
      source: 'Amazon Kinesis Data Streams Developer Guide, "Quotas and limits"',
    },
    latency: {
      value:
        'an average of about 200 ms with one consumer that shares the throughput, 1,000 ms with five; 70 ms with enhanced fan-out; no percentiles',
      source: 'Amazon Kinesis Data Streams Developer Guide, "Reading Data from Amazon Kinesis Data Streams"',
    },
    ordering: {
      value: 'within a shard',
      source:
        'Amazon Kinesis Data Streams Developer Guide, "Amazon Kinesis Data Streams terminology and concepts"',
    },
    delivery: {
      value: 'at least once',
      source: 'Amazon Kinesis Data Streams Developer Guide, "Handle duplicate records"',
    },
  },
  kafka: {
    durability: {
      value: 'kept as long as the topic says, whoever has read it; a group goes on from its committed offset',
      source: 'Apache Kafka documentation, "Introduction" and "Consumer Position"',
    },
    scalability: {
      value: 'by partitions: each is read by one consumer of a group, any number of groups read it',
      source: 'Apache Kafka documentation, "The Consumer"',
    },
    ordering: { value: 'within a partition', source: 'Apache Kafka documentation, "Introduction"' },
    delivery: {
      value: 'at least once; exactly once from topic to topic in transactions',
      source: 'Apache Kafka documentation, "Message Delivery Semantics"',
    },
  },
};

type Documented = Readonly<Record<Extract<Criterion, 'language' | 'standards' | 'persistence'>, Fact>>;

/** What cannot be measured, or not where the broker is not ours to kill. */
export const documented: Readonly<Record<BrokerName, Documented>> = {
  sqs: { language: awsSdks, standards: sqsStandards, persistence: sqsStored },
  'sqs-fifo': { language: awsSdks, standards: sqsStandards, persistence: sqsStored },
  'sns-sqs': {
    language: awsSdks,
    standards: {
      value: 'AWS query protocol over HTTPS; delivers to SQS, Lambda, HTTP/S, e-mail; no CloudEvents binding',
      source:
        'Amazon SNS Developer Guide, "Amazon SNS event destinations"; CloudEvents, "Protocol Bindings": none for it',
    },
    persistence: {
      value:
        'a message is stored in several Availability Zones before it is acknowledged, then in each queue as SQS stores it',
      source: 'Amazon SNS Developer Guide, "Amazon SNS message delivery" and "Resilience in Amazon SNS"',
    },
  },
  kinesis: {
    language: {
      value: `${awsSdks.value}; the Kinesis Client Library in Java, and through it Node.js, Python, Ruby, .NET`,
      source: `${awsSdks.source}; Amazon Kinesis Data Streams Developer Guide, "Use Kinesis Client Library"`,
    },
    standards: {
      value: 'AWS JSON (or CBOR) over HTTPS; no CloudEvents binding: a record has no headers',
      source:
        'Amazon Kinesis Data Streams Service API Reference; CloudEvents, "Protocol Bindings": none for it',
    },
    persistence: {
      value: 'replicated over three Availability Zones, kept for 24 hours to 365 days',
      source:
        'Amazon Kinesis Data Streams Developer Guide, "Resilience in Amazon Kinesis Data Streams" and "Change the data retention period"',
    },
  },
  kafka: {
    language: {
      value:
        'Java by the project itself; C/C++, Go, .NET, Python, JavaScript by way of librdkafka; more by others',
      source: 'Apache Kafka wiki, "Clients"',
    },
    standards: {
      value: 'its own open protocol over TCP; CloudEvents has a binding for it; no AMQP, no JMS',
      source: 'Apache Kafka documentation, "Kafka Protocol Guide"; CloudEvents, "Kafka Protocol Binding"',
    },
    persistence: {
      value:
        'acknowledged when the in-sync replicas have it in their page caches; when it is on disk is left to the operating system',
      source:
        'Apache Kafka documentation, "Design: Replication" and "Broker Configs": log.flush.interval.messages',
    },
  },
};

/** What the documentation says of a criterion, where it says something. */
export const factOf = (broker: BrokerName, criterion: Criterion): Fact | undefined => {
  if (criterion === 'language' || criterion === 'standards' || criterion === 'persistence')
    return documented[broker][criterion];
  return promised[broker][criterion];
};
