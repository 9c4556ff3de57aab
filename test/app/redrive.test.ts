import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { startTestApp, type TestApp } from '../support/local-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
});
afterAll(() => running.close());

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

/** The command as a person would give it, with the outputs of the running cloud. */
const redrive = (args: readonly string[], outputs = running.booted.outputsFile): Promise<Ended> =>
  new Promise((settle) => {
    const file = resolve(import.meta.dirname, '../../bin/redrive.ts');
    const options = ['--disable-warning=ExperimentalWarning', file, ...args, '--outputs', outputs];
    const { AWS_ENDPOINT_URL: _, ...env } = process.env;
    const child = execFile(process.execPath, options, { env }, (_error, out, complaint) =>
      settle({ code: child.exitCode ?? -1, out, complaint }),
    );
  });

let queues = 0;

/** A work queue with dead letters, one of which is there: received too often, or sent by a function with its cause. */
const deadLetters = async (how: 'received too often' | 'forwarded') => {
  const { sqs } = running.app;
  queues += 1;
  const create = async (name: string, Attributes: Record<string, string>) => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    const read = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const { Attributes: { QueueArn = '' } = {} } = await sqs.send(read);
    return { url: QueueUrl, arn: QueueArn, name };
  };
  const dead = await create(`dead-${queues}`, {});
  const policy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 1 };
  const work = await create(`work-${queues}`, { RedrivePolicy: JSON.stringify(policy) });
  if (how === 'received too often') {
    await sqs.send(new SendMessageCommand({ QueueUrl: work.url, MessageBody: 'poison' }));
    for (const _ of [1, 2])
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: work.url, VisibilityTimeout: 0 }));
  } else {
    const cause = { DataType: 'String', StringValue: 'No such bucket' };
    await sqs.send(
      new SendMessageCommand({ QueueUrl: dead.url, MessageBody: 'poison', MessageAttributes: { cause } }),
    );
  }
  return { dead, work };
};

const waiting = async (url: string) => (await running.app.depth(url)).waiting;

test('a look shows the message, where it is from and how often it was received, and leaves it there', async () => {
  const { dead, work } = await deadLetters('received too often');

  const first = await redrive([dead.name, '--inspect', '--json']);
  const second = await redrive([dead.url, '--inspect']);

  expect(JSON.parse(first.out)).toMatchObject({
    queue: dead.name,
    messages: [{ body: 'poison', source: work.arn, cause: {}, receiveCount: expect.any(Number) }],
  });
  expect(second).toMatchObject({ code: 0, complaint: '' });
  expect(second.out).toMatch(new RegExp(`received \\d+ times, from ${work.name}[^]*1 message in`));
  expect(await waiting(dead.url)).toBe(1);
});

test('a message that was forwarded shows its cause', async () => {
  const { dead } = await deadLetters('forwarded');

  const { out } = await redrive([dead.name, '--inspect']);

  expect(out).toContain('cause: No such bucket');
  expect(out).toContain('sent here by a function');
});

test.each(['received too often', 'forwarded'] as const)(
  'one command brings back what was %s, to the queue where it began',
  async (how) => {
    const { dead, work } = await deadLetters(how);

    const { code, out } = await redrive([dead.name]);

    expect({ code, out }).toEqual({ code: 0, out: `moved 1 to ${work.name}, failed 0\n` });
    expect([await waiting(dead.url), await waiting(work.url)]).toEqual([0, 1]);
  },
);

test('messages go where they are told to', async () => {
  const { dead } = await deadLetters('forwarded');
  const { work: other } = await deadLetters('forwarded');

  const { out } = await redrive([dead.name, '--to', other.url, '--json']);

  expect(JSON.parse(out)).toEqual({
    queue: dead.name,
    status: 'COMPLETED',
    destination: other.arn,
    moved: 1,
    failed: 0,
  });
  expect(await waiting(other.url)).toBe(1);
});

test('a queue of the app is called by its output', async () => {
  const { code, out } = await redrive(['JobsDeadLettersUrl', '--inspect', '--json']);

  expect({ code, out: JSON.parse(out) }).toEqual({
    code: 0,
    out: { queue: 'JobsDeadLettersUrl', messages: [] },
  });
});

test.each([
  ['no queue', [], 'which queue?'],
  ['an unknown queue', ['NoSuchQueue'], 'there is no queue "NoSuchQueue" (outputs: '],
  [
    "a queue that is nobody's dead-letter queue",
    ['DeadlinesQueueUrl'],
    'Source queue must be configured as a Dead Letter Queue',
  ],
  ['an unknown target', ['x', '--target', 'moon'], 'a target is local, endpoint or aws'],
  ['an unknown option', ['x', '--peek'], "Unknown option '--peek'"],
  ['a look with a destination', ['x', '--inspect', '--to', 'y'], '--inspect moves nothing'],
])('%s is said in one line', async (_case, args, complaint) => {
  const ended = await redrive(args);

  expect(ended).toMatchObject({ code: 1, out: '' });
  expect(ended.complaint.split('\n')[0]).toContain(complaint);
  expect(ended.complaint).not.toMatch(/^\s+at /m);
});

test('outputs that are not there are said in one line', async () => {
  const { code, complaint } = await redrive(['x'], '/no/such/file.json');

  expect({ code, lines: complaint.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
});

test('a cloud that does not run is said in one line', async () => {
  const { code, complaint } = await redrive(['http://127.0.0.1:9/000000000000/x', '--inspect']);

  expect({ code, complaint: complaint.trim() }).toEqual({
    code: 1,
    complaint: expect.stringMatching(/nothing answers at .*: is it running\?/),
  });
});
