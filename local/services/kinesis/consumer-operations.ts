import { z } from 'zod';
import { consumerArn } from './consumer-arn.ts';
import { limitExceeded, notFound, streamInUse } from './errors.ts';
import { type Operation, onStream, operation, parse, seconds } from './operation.ts';
import type { Kinesis } from './service.ts';
import type { Stream } from './stream.ts';

type Consumer = Stream['state']['consumers'][number];

const consumerDescription = (stream: Stream, { name, createdAt }: Consumer) => ({
  ConsumerName: name,
  ConsumerARN: consumerArn(stream, { name, createdAt }),
  ConsumerStatus: 'ACTIVE',
  ConsumerCreationTimestamp: seconds(createdAt),
});

/** "You can register up to 20 consumers per stream" (Kinesis API, "RegisterStreamConsumer"). */
const MOST_CONSUMERS = 20;

const registerConsumer = onStream(
  'RegisterStreamConsumer',
  z.object({ ConsumerName: z.string().regex(/^[a-zA-Z0-9_.-]{1,128}$/) }),
  ({ ConsumerName: name }, { stream, clock }) => {
    const { consumers } = stream.state;
    if (consumers.some((consumer) => consumer.name === name))
      throw streamInUse(`Consumer ${name} under stream ${stream.name} already exists.`);
    if (consumers.length >= MOST_CONSUMERS)
      throw limitExceeded(`Stream ${stream.name} has ${MOST_CONSUMERS} consumers: there can be no more.`);
    const consumer = { name, createdAt: clock.now() };
    stream.change({ consumers: [...consumers, consumer] });
    return { Consumer: consumerDescription(stream, consumer) };
  },
);

/** In the order of their names, by which a page goes on: that is its token. */
const listConsumers = onStream(
  'ListStreamConsumers',
  z.object({
    MaxResults: z.number().int().min(1).max(10_000).default(100),
    NextToken: z.string().default(''),
  }),
  ({ MaxResults, NextToken: after }, { stream }) => {
    const sorted = [...stream.state.consumers].sort((a, b) => (a.name < b.name ? -1 : 1));
    const following = sorted.filter(({ name }) => name > after);
    const page = following.slice(0, MaxResults);
    const last = page.at(-1);
    return {
      Consumers: page.map((consumer) => consumerDescription(stream, consumer)),
      ...(last && following.length > MaxResults && { NextToken: last.name }),
    };
  },
);

/** A consumer goes by its ARN, or by its name and the stream's ARN. */
const reference = z.object({
  ConsumerARN: z.string().optional(),
  ConsumerName: z.string().optional(),
  StreamARN: z.string().optional(),
});

const streamArnOf = ({ StreamARN, ConsumerARN }: z.output<typeof reference>): string =>
  StreamARN ?? ConsumerARN?.split('/consumer/')[0] ?? '';

/** @throws ResourceNotFoundException */
export const consumerNamed = (
  kinesis: Kinesis,
  named: z.output<typeof reference>,
): { readonly stream: Stream; readonly consumer: Consumer } => {
  const stream = kinesis.stream(streamArnOf(named));
  const name = named.ConsumerName ?? named.ConsumerARN?.split('/consumer/')[1]?.split(':')[0];
  const consumer = stream.state.consumers.find((known) => known.name === name);
  if (!consumer) throw notFound(`Consumer ${name ?? ''} under stream ${stream.name} not found.`);
  return { stream, consumer };
};

const onConsumer = (
  action: string,
  run: (stream: Stream, consumer: Consumer) => object | undefined,
): Operation =>
  operation(z.unknown(), (input, { kinesis, call }) => {
    const named = parse(reference, input);
    call.authorize(`kinesis:${action}`, named.ConsumerARN ?? streamArnOf(named));
    const { stream, consumer } = consumerNamed(kinesis, named);
    return run(stream, consumer);
  });

export const consumerOperations: Readonly<Record<string, Operation>> = {
  RegisterStreamConsumer: registerConsumer,
  ListStreamConsumers: listConsumers,
  DescribeStreamConsumer: onConsumer('DescribeStreamConsumer', (stream, consumer) => ({
    ConsumerDescription: { ...consumerDescription(stream, consumer), StreamARN: stream.arn },
  })),
  DeregisterStreamConsumer: onConsumer('DeregisterStreamConsumer', (stream, consumer) => {
    stream.change({ consumers: stream.state.consumers.filter((known) => known !== consumer) });
    return undefined;
  }),
};
