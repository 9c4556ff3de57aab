/** Not among the tests of `npm test`: it needs Python. `npm run conformance` brings the AWS CLI along. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DeleteStreamCommand, DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { DeleteTopicCommand } from '@aws-sdk/client-sns';
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { conformance } from './checks.ts';
import { type Target, until } from './target.ts';

const run = promisify(execFile);

/** Runs the AWS CLI against the target. @returns its JSON; rejects with what it wrote to stderr */
const aws = async ({ endpoint }: Target, ...words: readonly string[]): Promise<unknown> => {
  const env = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...process.env,
    AWS_DEFAULT_REGION: process.env.AWS_REGION ?? 'us-east-1',
    AWS_PAGER: '',
  };
  const options = ['--endpoint-url', endpoint, '--output', 'json'];
  const { stdout } = await run('aws', [...options, ...words], { env });
  return stdout === '' ? {} : JSON.parse(stdout);
};

const queue = z.object({ QueueUrl: z.string() });
const topic = z.object({ TopicArn: z.string() });
const iterator = z.object({ ShardIterator: z.string() });

const queueOf = async (target: Target): Promise<string> => {
  const { QueueUrl } = queue.parse(await aws(target, 'sqs', 'create-queue', '--queue-name', target.name()));
  target.afterwards(() => target.sqs.send(new DeleteQueueCommand({ QueueUrl })));
  return QueueUrl;
};

const receive = (target: Target, url: string) =>
  aws(target, 'sqs', 'receive-message', '--queue-url', url, '--wait-time-seconds', '5');

conformance('AWS CLI', (check) => {
  check('AWS CLI reference, "sqs"', 'a message is sent, received and deleted', async (target) => {
    const url = await queueOf(target);

    await aws(target, 'sqs', 'send-message', '--queue-url', url, '--message-body', 'hello');
    const received = await receive(target, url);
    const { Messages } = z
      .object({ Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })) })
      .parse(received);
    const handle = Messages[0]?.ReceiptHandle ?? '';
    await aws(target, 'sqs', 'delete-message', '--queue-url', url, '--receipt-handle', handle);

    expect(Messages.map(({ Body }) => Body)).toEqual(['hello']);
  });

  check(
    'AWS CLI reference, "sqs send-message"',
    'a queue that is not there is an error with its code',
    async (target) => {
      const url = `${target.endpoint}/000000000000/${target.name()}`;

      const sent = aws(target, 'sqs', 'send-message', '--queue-url', url, '--message-body', 'x');

      await expect(sent).rejects.toThrow('AWS.SimpleQueueService.NonExistentQueue');
    },
  );

  check('AWS CLI reference, "sns"', 'what is published reaches a subscribed queue', async (target) => {
    const url = await queueOf(target);
    const asked = { QueueUrl: url, AttributeNames: ['QueueArn' as const] };
    const { Attributes } = await target.sqs.send(new GetQueueAttributesCommand(asked));
    const QueueArn = Attributes?.QueueArn ?? '';
    const { TopicArn } = topic.parse(await aws(target, 'sns', 'create-topic', '--name', target.name()));
    target.afterwards(() => target.sns.send(new DeleteTopicCommand({ TopicArn })));
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QueueArn,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
    await target.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
    await aws(
      ...([target, 'sns', 'subscribe', '--topic-arn', TopicArn, '--protocol', 'sqs'] as const),
      ...['--notification-endpoint', QueueArn, '--attributes', 'RawMessageDelivery=true'],
    );

    await aws(target, 'sns', 'publish', '--topic-arn', TopicArn, '--message', 'news');
    const received = await receive(target, url);

    expect(received).toMatchObject({ Messages: [{ Body: 'news' }] });
  });

  check('AWS CLI reference, "kinesis"', 'a record is put and read', async (target) => {
    const name = target.name();
    await aws(target, 'kinesis', 'create-stream', '--stream-name', name, '--shard-count', '1');
    target.afterwards(() => target.kinesis.send(new DeleteStreamCommand({ StreamName: name })));
    await until(
      () => target.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name })),
      ({ StreamDescriptionSummary }) => StreamDescriptionSummary?.StreamStatus === 'ACTIVE',
    );

    await aws(
      ...([target, 'kinesis', 'put-record', '--stream-name', name] as const),
      ...['--partition-key', 'k', '--data', Buffer.from('hello').toString('base64')],
    );
    const { ShardIterator } = iterator.parse(
      await aws(
        ...([target, 'kinesis', 'get-shard-iterator', '--stream-name', name] as const),
        ...['--shard-id', 'shardId-000000000000', '--shard-iterator-type', 'TRIM_HORIZON'],
      ),
    );
    const read = await aws(target, 'kinesis', 'get-records', '--shard-iterator', ShardIterator);

    expect(read).toMatchObject({ Records: [{ PartitionKey: 'k', Data: expect.any(String) }] });
  });

  check(
    'AWS CLI reference, "lambda get-function-configuration"',
    'a function shows its configuration',
    async (target) => {
      const name = await target.createFunction('export const handler = async () => 1;');

      const listed = await aws(target, 'lambda', 'get-function-configuration', '--function-name', name);

      expect(listed).toMatchObject({ FunctionName: name, Runtime: 'nodejs24.x', State: 'Active' });
    },
  );
});
