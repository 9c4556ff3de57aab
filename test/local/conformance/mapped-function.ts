import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type Target, until } from './target.ts';

/** Tells what it was invoked with, and answers as its environment says. */
const TELLING = `
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const sqs = new SQSClient();
export const handler = async (event) => {
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.RESULTS, MessageBody: JSON.stringify(event) }));
  const bad = event.Records.filter((record) => (record.body ?? atob(record.kinesis.data)).includes('bad'));
  if (bad.length > 0 && !process.env.PARTIAL) throw new Error('bad record');
  return { batchItemFailures: bad.map((record) => ({ itemIdentifier: record.messageId ?? record.kinesis.sequenceNumber })) };
};`;

const event = z.object({
  Records: z.array(
    z.looseObject({
      body: z.string().optional(),
      eventSource: z.string(),
      attributes: z.record(z.string(), z.string()).optional(),
      kinesis: z.looseObject({ data: z.string(), partitionKey: z.string() }).optional(),
    }),
  ),
});

export const queueOf = async (
  { sqs, name, afterwards }: Target,
  Attributes: Readonly<Record<string, string>> = {},
) => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name(), Attributes }));
  afterwards(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const names = { QueueUrl, AttributeNames: ['QueueArn' as const] };
  const arn = (await sqs.send(new GetQueueAttributesCommand(names))).Attributes?.QueueArn ?? '';
  const send = (...texts: readonly string[]) =>
    sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: texts.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    );
  const inFlight = async () => {
    const asked = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesNotVisible' as const] };
    const { Attributes: found } = await sqs.send(new GetQueueAttributesCommand(asked));
    return found?.ApproximateNumberOfMessagesNotVisible;
  };
  /** Takes what comes until there are that many messages. */
  const take = async (count: number): Promise<string[]> => {
    const taken: string[] = [];
    await until(
      async () => {
        const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
        for (const { Body, ReceiptHandle } of (await sqs.send(new ReceiveMessageCommand(input))).Messages ??
          []) {
          taken.push(Body ?? '');
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
        return taken.length;
      },
      (found) => found >= count,
    );
    return taken;
  };
  return { QueueUrl, arn, send, inFlight, take };
};

export type Mapping = Partial<CreateEventSourceMappingCommandInput>;

/** A function that tells what it gets, and a mapping from the source to it. */
export const consume = async (
  target: Target,
  EventSourceArn: string,
  settings: Mapping,
  environment = {},
) => {
  const { lambda, afterwards } = target;
  const results = await queueOf(target);
  const FunctionName = await target.createFunction(TELLING, {
    RESULTS: results.QueueUrl ?? '',
    ...environment,
  });
  const created = await lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, ...settings }),
  );
  const { UUID } = created;
  afterwards(() => lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
  const state = async () => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;
  const reaches = (wanted: string) => until(state, (found) => found === wanted);
  await reaches(settings.Enabled === false ? 'Disabled' : 'Enabled');
  const events = async (count: number) =>
    (await results.take(count)).map((text) => event.parse(JSON.parse(text)));
  return { created, FunctionName, UUID, reaches, events };
};

export const streamOf = async ({ kinesis, name, afterwards }: Target) => {
  const StreamName = name();
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  afterwards(() => kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true })));
  const described = await until(
    async () =>
      (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary,
    (found) => found?.StreamStatus === 'ACTIVE',
  );
  const put = (...texts: readonly string[]) =>
    kinesis.send(
      new PutRecordsCommand({
        StreamName,
        Records: texts.map((text) => ({ PartitionKey: 'key', Data: Buffer.from(text) })),
      }),
    );
  return { arn: described?.StreamARN ?? '', put };
};

export const bodies = ({ Records }: z.output<typeof event>) => Records.map(({ body }) => body);
export const texts = ({ Records }: z.output<typeof event>) =>
  Records.map(({ kinesis }) => Buffer.from(kinesis?.data ?? '', 'base64').toString());
