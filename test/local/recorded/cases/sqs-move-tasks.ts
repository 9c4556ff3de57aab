import { at, eventually, listAt, type Replay, type Scripts, textAt } from '../replay.ts';
import { SqsSteps } from '../wire/sqs.ts';

const handleFor = (taskId: string, sourceArn: string): string =>
  Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');

const list = (sqs: SqsSteps, SourceArn: string) => sqs.call('ListMessageMoveTasks', { SourceArn });

/** Sends, and receives each message twice: the second time moves it into the dead-letter queue. */
const exhaust = async (sqs: SqsSteps, url: string, bodies: readonly string[]) => {
  for (const body of bodies) await sqs.send(url, body);
  for (let turn = 0; turn < bodies.length * 2; turn += 1) await sqs.receive(url, { VisibilityTimeout: 0 });
};

const four = ['message-0', 'message-1', 'message-2', 'message-3'];
const ten = Array.from({ length: 10 }, (_, index) => `message-${index}`);

const prepare = async (replay: Replay, bodies: readonly string[]) => {
  const sqs = new SqsSteps(replay, 'json');
  const { queue, deadLetters } = await sqs.deadLetterPair(1);
  const SourceArn = await sqs.arn(deadLetters);
  const destination = await sqs.queue();
  const DestinationArn = await sqs.arn(destination);
  await exhaust(sqs, queue, bodies);
  return { sqs, queue, SourceArn, destination, DestinationArn };
};

const slowly = { MaxNumberOfMessagesPerSecond: 1 };

/** Message move tasks: back from a dead-letter queue. */
export const moveTasks: Scripts = {
  test_cancel_with_invalid_task_handle: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    replay.note('error', await sqs.call('CancelMessageMoveTask', { TaskHandle: 'foobared' }));
  },
  test_cancel_with_invalid_source_arn_in_task_handle: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    const { region, account } = replay.cloud;
    const arn = `arn:aws:sqs:${region}:${account}:test-queue-doesnt-exist-123456`;
    const TaskHandle = handleFor('10f57157-fc38-4da9-a113-4de7e12d05dd', arn);
    replay.note('error', await sqs.call('CancelMessageMoveTask', { TaskHandle }));
  },
  test_cancel_with_invalid_task_id_in_task_handle: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    const arn = await sqs.arn(await sqs.queue());
    const TaskHandle = handleFor('10f57157-fc38-4da9-a113-4de7e12d05aa', arn);
    replay.note('error', await sqs.call('CancelMessageMoveTask', { TaskHandle }));
  },
  test_source_needs_redrive_policy: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    const SourceArn = await sqs.arn(await sqs.queue());
    const DestinationArn = await sqs.arn(await sqs.queue());
    replay.note('error', await sqs.call('StartMessageMoveTask', { SourceArn, DestinationArn }));
  },
  test_destination_needs_to_exist: async (replay) => {
    const { sqs, SourceArn, DestinationArn } = await prepare(replay, []);
    const input = { SourceArn, DestinationArn: `${DestinationArn}doesntexist` };
    replay.note('error', await sqs.call('StartMessageMoveTask', input));
  },
  test_basic_move_task_workflow: async (replay) => {
    const { sqs, SourceArn, destination, DestinationArn } = await prepare(replay, ['message-1', 'message-2']);
    const started = await sqs.call('StartMessageMoveTask', { SourceArn, DestinationArn });
    replay.note('start-message-move-task-response', started);
    expectBodies(await sqs.collect(destination, 2), ['message-1', 'message-2']);
    replay.note('list-message-move-task-response', await finished(sqs, SourceArn));
  },
  test_move_task_workflow_with_default_destination: async (replay) => {
    const { sqs, queue, SourceArn } = await prepare(replay, ['message-1', 'message-2']);
    replay.note('source-arn', SourceArn);
    replay.note('original-source', await sqs.arn(queue));
    const started = await sqs.call('StartMessageMoveTask', { SourceArn });
    replay.note('start-message-move-task-response', started);
    expectBodies(await sqs.collect(queue, 2), ['message-1', 'message-2']);
    replay.note('list-message-move-task-response', await finished(sqs, SourceArn));
  },
  test_move_task_workflow_with_multiple_sources_as_default_destination: async (replay) => {
    const { sqs, queue, SourceArn } = await prepare(replay, ['message-1-1', 'message-1-2']);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 });
    const second = await sqs.queue({ RedrivePolicy });
    await exhaust(sqs, second, ['message-2-1', 'message-2-2']);
    replay.note('source-arn', SourceArn);
    replay.note('original-source-1', await sqs.arn(queue));
    replay.note('original-source-2', await sqs.arn(second));
    const started = await sqs.call('StartMessageMoveTask', { SourceArn });
    replay.note('start-message-move-task-response', started);
    expectBodies(await sqs.collect(queue, 2), ['message-1-1', 'message-1-2']);
    expectBodies(await sqs.collect(second, 2), ['message-2-1', 'message-2-2']);
    replay.note('list-message-move-task-response', await finished(sqs, SourceArn));
  },
  test_move_task_with_throughput_limit: async (replay) => {
    const { sqs, SourceArn, destination, DestinationArn } = await prepare(replay, four);
    const started = await sqs.call('StartMessageMoveTask', { SourceArn, DestinationArn, ...slowly });
    replay.note('start-message-move-task-response', started);
    for (let second = 0; second < 5; second += 1) await replay.pass(1000);
    expectBodies(await sqs.collect(destination, 4), four);
  },
  test_move_task_cancel: async (replay) => {
    const { sqs, SourceArn, DestinationArn } = await prepare(replay, ten);
    const started = await sqs.call('StartMessageMoveTask', { SourceArn, DestinationArn, ...slowly });
    const moved = (answer: unknown) =>
      Number(at(answer, 'Results', 0, 'ApproximateNumberOfMessagesMoved')) >= 2;
    for (let second = 0; second < 3 && !moved(await list(sqs, SourceArn)); second += 1)
      await replay.pass(1000);
    replay.note('list-while', await list(sqs, SourceArn));
    const TaskHandle = textAt(started, 'TaskHandle');
    replay.note('cancel', await sqs.call('CancelMessageMoveTask', { TaskHandle }));
    replay.note('list-after', await list(sqs, SourceArn));
  },
  test_move_task_delete_destination_queue_while_running: async (replay) => {
    const { sqs, SourceArn, destination, DestinationArn } = await prepare(replay, ten);
    await sqs.call('StartMessageMoveTask', { SourceArn, DestinationArn, ...slowly });
    const moved = (answer: unknown) =>
      Number(at(answer, 'Results', 0, 'ApproximateNumberOfMessagesMoved')) >= 3;
    for (let second = 0; second < 5 && !moved(await list(sqs, SourceArn)); second += 1)
      await replay.pass(1000);
    await sqs.call('DeleteQueue', { QueueUrl: destination });
    await replay.pass(1000);
    const ended = (answer: unknown) => at(answer, 'Results', 0, 'Status') !== 'RUNNING';
    replay.note('list', await eventually(() => list(sqs, SourceArn), ended));
  },
  test_start_multiple_move_tasks: async (replay) => {
    const { sqs, SourceArn, DestinationArn } = await prepare(replay, ten);
    const input = { SourceArn, DestinationArn, ...slowly };
    await sqs.call('StartMessageMoveTask', input);
    replay.note('error', await sqs.call('StartMessageMoveTask', input));
  },
};

const finished = (sqs: SqsSteps, SourceArn: string) =>
  eventually(
    () => list(sqs, SourceArn),
    (answer) => at(answer, 'Results', 0, 'Status') === 'COMPLETED',
  );

const expectBodies = (messages: readonly unknown[], bodies: readonly string[]): void => {
  const found = messages.map((message) => textAt(message, 'Body')).sort();
  if (listAt({ found }, 'found').join() !== bodies.join()) throw new Error(`received ${found.join()}`);
};
