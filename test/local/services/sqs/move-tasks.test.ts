import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { refusal } from './fresh-sqs.ts';
import { arnOf, asAccount, startSqs } from './sqs-server.ts';

let sqs: Awaited<ReturnType<typeof startSqs>>;

beforeEach(async () => {
  sqs = await startSqs();
  await sqs.sqs.createQueue({ name: 'dead', attributes: {} });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 });
  await sqs.sqs.createQueue({ name: 'jobs', attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
  await sqs.sqs.createQueue({ name: 'elsewhere', attributes: {} });
});

afterEach(() => sqs.close());

const deadLetters = async (count: number) => {
  for (let i = 0; i < count; i += 1) await sqs.sqs.send(arnOf('jobs'), { body: String(i) }, asAccount);
  while (sqs.sqs.depth(arnOf('jobs')).visible > 0)
    await sqs.sqs.receive(arnOf('jobs'), { max: 10, waitMs: 0 });
};

const start = async (input: {
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
}) => sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('dead'), ...input }));

const latest = async () => {
  const { Results = [] } = await sqs.client.send(
    new ListMessageMoveTasksCommand({ SourceArn: arnOf('dead') }),
  );
  return Results[0];
};

// recorded on AWS, 30-04-2024: the task's answer
test('dead letters go back where they came from, as new messages', async () => {
  await deadLetters(2);
  const [before] = sqs.sqs.peek(arnOf('dead'), 1);

  await start({});
  sqs.clock.advance(1);
  const [redriven] = sqs.sqs.peek(arnOf('jobs'), 10);

  expect(await latest()).toEqual({
    ApproximateNumberOfMessagesMoved: 2,
    ApproximateNumberOfMessagesToMove: 2,
    SourceArn: arnOf('dead'),
    StartedTimestamp: sqs.clock.now() - 1,
    Status: 'COMPLETED',
  });
  expect(redriven).toMatchObject({ body: before?.body, attributes: { ApproximateReceiveCount: '0' } });
  expect(redriven?.messageId).not.toBe(before?.messageId);
});

test('a task keeps its rate, and can be cancelled', async () => {
  await deadLetters(10);
  const { TaskHandle } = await start({ DestinationArn: arnOf('elsewhere'), MaxNumberOfMessagesPerSecond: 1 });
  sqs.clock.advance(2_000);

  const running = await latest();
  const cancelled = await sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  sqs.clock.advance(60_000);

  expect(running).toMatchObject({ Status: 'RUNNING', TaskHandle, ApproximateNumberOfMessagesMoved: 2 });
  expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(2);
  expect(await latest()).toMatchObject({ Status: 'CANCELLED' });
  expect(sqs.sqs.depth(arnOf('elsewhere')).visible).toBe(2);
  expect(sqs.sqs.depth(arnOf('dead')).visible).toBe(8);
});

// recorded on AWS, 30-04-2024
test('a task whose destination is deleted fails, and says why', async () => {
  await deadLetters(10);
  await start({ DestinationArn: arnOf('elsewhere'), MaxNumberOfMessagesPerSecond: 1 });
  sqs.clock.advance(3_000);
  sqs.sqs.queues.delete(sqs.sqs.queues.get(arnOf('elsewhere')));
  sqs.clock.advance(1_000);

  expect(await latest()).toMatchObject({
    Status: 'FAILED',
    FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
    ApproximateNumberOfMessagesMoved: 3,
  });
});

test('a message that was sent to the dead-letter queue itself needs a destination to be named', async () => {
  await sqs.sqs.send(arnOf('dead'), { body: 'stray' }, asAccount);

  await start({});
  sqs.clock.advance(1);

  expect(await latest()).toMatchObject({
    Status: 'FAILED',
    FailureReason: 'CouldNotDetermineMessageSource',
    ApproximateNumberOfMessagesMoved: 0,
  });
  expect(sqs.sqs.depth(arnOf('dead')).visible).toBe(1);
});

test('refused: a rate that is no rate, a list that is too long or of no queue', async () => {
  const list = (SourceArn: string, MaxResults: number) =>
    sqs.client.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults }));

  for (const refused of [
    start({ MaxNumberOfMessagesPerSecond: 0 }),
    start({ MaxNumberOfMessagesPerSecond: 501 }),
    list(arnOf('dead'), 11),
  ])
    expect(await refusal(refused)).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
  expect(await refusal(list(arnOf('none'), 1))).toMatchObject({ code: 'ResourceNotFoundException' });
});

// recorded on AWS, 30-04-2024
test('refused: a second task, a source that is no dead-letter queue, a destination that is not there', async () => {
  await deadLetters(2);
  await start({ MaxNumberOfMessagesPerSecond: 1 });
  const notDead = sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('elsewhere') }));

  expect(await refusal(start({}))).toMatchObject({
    message:
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    status: 400,
  });
  expect(await refusal(notDead)).toMatchObject({
    message: 'Source queue must be configured as a Dead Letter Queue.',
    status: 400,
  });
  expect(await refusal(start({ DestinationArn: arnOf('none') }))).toMatchObject({
    message: "The resource that you specified for the DestinationArn parameter doesn't exist.",
    status: 404,
  });
});

// recorded on AWS, 30-04-2024
test.each([
  ['no handle', 'foobared', 'Value for parameter TaskHandle is invalid.', 400],
  [
    'a source that is not there',
    Buffer.from(JSON.stringify({ taskId: 'x', sourceArn: arnOf('none') })).toString('base64'),
    "The resource that you specified for the SourceArn parameter doesn't exist.",
    404,
  ],
  [
    'a task that is not there',
    Buffer.from(JSON.stringify({ taskId: 'x', sourceArn: arnOf('dead') })).toString('base64'),
    'Task does not exist.',
    404,
  ],
])('cancelling %s is refused', async (_what, TaskHandle, message, status) => {
  const cancel = sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));

  expect(await refusal(cancel)).toMatchObject({ message, status });
});
