import * as cloudWatchSdk from '@aws-sdk/client-cloudwatch';
import * as kinesisSdk from '@aws-sdk/client-kinesis';
import * as snsSdk from '@aws-sdk/client-sns';
import * as sqsSdk from '@aws-sdk/client-sqs';
import { alarmOperations } from '../../local/services/cloudwatch/alarm-operations.ts';
import { metricOperations } from '../../local/services/cloudwatch/metric-operations.ts';
import { kinesisOperations } from '../../local/services/kinesis/protocol.ts';
import { snsOperations } from '../../local/services/sns/protocol.ts';
import { sqsOperations } from '../../local/services/sqs/protocol.ts';

interface Service {
  readonly name: string;
  /** Where AWS describes the operations. */
  readonly source: string;
  readonly sdk: object;
  readonly supported: Iterable<string>;
  /** The code of the error that an operation gets which is not there. */
  readonly refusal: string;
  /** What an operation takes, keeps and shows without an effect. */
  readonly notEmulated: readonly { readonly what: readonly string[]; readonly reason: string }[];
}

const services: readonly Service[] = [
  {
    name: 'Amazon SQS',
    source: 'Amazon Simple Queue Service API Reference',
    sdk: sqsSdk,
    supported: sqsOperations,
    refusal: 'InvalidAction',
    notEmulated: [
      {
        what: ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'],
        reason: 'nothing is encrypted at rest on this machine',
      },
      { what: ['FifoThroughputLimit'], reason: 'the throughput of a queue is not limited' },
    ],
  },
  {
    name: 'Amazon SNS',
    source: 'Amazon Simple Notification Service API Reference',
    sdk: snsSdk,
    supported: snsOperations,
    refusal: 'InvalidAction',
    notEmulated: [
      { what: ['KmsMasterKeyId'], reason: 'nothing is encrypted at rest on this machine' },
      {
        what: ['TracingConfig'],
        reason: 'the trace header travels on; what happened stands in the local trace',
      },
      {
        what: ['SuccessFeedbackRoleArn', 'SuccessFeedbackSampleRate', 'FailureFeedbackRoleArn'],
        reason: 'deliveries stand in the local trace',
      },
    ],
  },
  {
    name: 'Amazon Kinesis',
    source: 'Amazon Kinesis Data Streams API Reference',
    sdk: kinesisSdk,
    supported: kinesisOperations,
    refusal: 'UnknownOperationException',
    notEmulated: [
      {
        what: ['SequenceNumberForOrdering'],
        reason: 'the records of a shard are in the order of their requests as it is',
      },
      { what: ['RegisterStreamConsumer.Tags'], reason: 'only streams have tags here' },
      { what: ['StreamCreationTimestamp'], reason: 'the stream is meant that has the name now' },
      { what: ['WarmThroughputMiBps'], reason: 'a stream on demand does not scale by itself' },
    ],
  },
  {
    name: 'Amazon CloudWatch',
    source: 'Amazon CloudWatch API Reference',
    sdk: cloudWatchSdk,
    supported: Object.keys({ ...alarmOperations, ...metricOperations }),
    refusal: 'UnknownOperationException',
    notEmulated: [],
  },
];

/** What becomes of every operation that a service's SDK knows, as Markdown: made from the operations that are there. */
export const operationsPage = (): string => [INTRODUCTION, ...services.map(section)].join('\n\n');

const INTRODUCTION =
  'What becomes of each operation that the SDK of a service knows, and what its operations accept without an effect.';

const section = ({ name, source, sdk, supported, refusal, notEmulated }: Service): string => {
  const known = Object.keys(sdk).flatMap((member) => /^(\w+)Command$/.exec(member)?.[1] ?? []);
  const here = new Set(supported);
  const rows = [
    row(
      known.filter((operation) => here.has(operation)),
      'supported',
    ),
    ...notEmulated.map(({ what, reason }) => row(what, `accepted, not emulated: ${reason}`)),
    row(
      known.filter((operation) => !here.has(operation)),
      `refused: ${refusal}`,
    ),
  ];
  return [
    `### ${name}`,
    `Source: ${source}.`,
    ['| operation or parameter | here |', '|---|---|', ...rows.flat()].join('\n'),
  ].join('\n\n');
};

const row = (names: readonly string[], here: string): string[] =>
  names.length === 0
    ? []
    : [
        `| ${names
          .toSorted()
          .map((name) => `\`${name}\``)
          .join(', ')} | ${here} |`,
      ];
