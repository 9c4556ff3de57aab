import { z } from 'zod';
import { invalidValue, resourceNotFound } from './errors.ts';
import { handleOf, type MoveTask } from './move-tasks.ts';
import type { OpenQueue } from './open-queue.ts';
import { onQueue, operation } from './operation.ts';
import { checkAttributeNames } from './queue-attributes.ts';
import { integer, stringMap, texts } from './wire.ts';

const createQueue = operation(
  z.object({
    QueueName: z.string(),
    Attributes: stringMap.default({}),
    tags: stringMap.optional(),
    Tags: stringMap.optional(),
  }),
  async ({ sqs, call, input: { QueueName: name, Attributes: attributes, tags, Tags } }) => {
    call.authorize('sqs:CreateQueue', sqs.queues.arnOf(name));
    const queue = sqs.queues.create({ name, attributes, tags: tags ?? Tags ?? {} });
    if (attributes.Policy) sqs.setAttributes(queue, { Policy: attributes.Policy });
    await sqs.committed();
    return { QueueUrl: queue.url };
  },
);

const getQueueUrl = operation(z.object({ QueueName: z.string() }), async ({ sqs, call, input }) => {
  const arn = sqs.queues.arnOf(input.QueueName);
  call.authorize('sqs:GetQueueUrl', arn);
  return { QueueUrl: sqs.queues.get(arn).url };
});

const MOST_LISTED = 1000;
const page = z.object({ MaxResults: integer.optional(), NextToken: z.string().optional() });

/** Pages of sorted queues; the token is the last URL given, as on AWS (recorded, 19-03-2025). */
const pageOf = (queues: readonly OpenQueue[], { MaxResults, NextToken }: z.output<typeof page>) => {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > MOST_LISTED))
    throw invalidValue(
      MaxResults,
      'MaxResults',
      `MaxResults must be an integer between 1 and ${MOST_LISTED}.`,
    );
  const last = NextToken === undefined ? undefined : Buffer.from(NextToken, 'base64').toString();
  const start = last === undefined ? 0 : queues.findIndex(({ url }) => url === last) + 1;
  const urls = queues.slice(start, start + (MaxResults ?? MOST_LISTED)).map(({ url }) => url);
  const lastUrl = urls.at(-1);
  const more = MaxResults !== undefined && start + urls.length < queues.length && lastUrl !== undefined;
  return { urls, token: more ? { NextToken: Buffer.from(lastUrl).toString('base64') } : {} };
};

const listQueues = operation(
  page.extend({ QueueNamePrefix: z.string().default('') }),
  async ({ sqs, call, input }) => {
    call.authorize('sqs:ListQueues', sqs.queues.arnOf('*'));
    const named = sqs.queues.all().filter(({ name }) => name.startsWith(input.QueueNamePrefix));
    const { urls, token } = pageOf(named, input);
    return { ...(urls.length > 0 && { QueueUrls: urls }), ...token };
  },
);

const listDeadLetterSourceQueues = onQueue(
  'ListDeadLetterSourceQueues',
  page,
  async ({ sqs, queue, input }) => {
    const { urls, token } = pageOf(sqs.queues.sourcesOf(queue.arn), input);
    return { queueUrls: urls, ...token };
  },
);

const deleteQueue = onQueue('DeleteQueue', z.object({}), async ({ sqs, queue }) => {
  sqs.queues.delete(queue);
  await sqs.committed();
  return undefined;
});

const purgeQueue = onQueue('PurgeQueue', z.object({}), async ({ sqs, queue }) => {
  sqs.queues.purge(queue);
  await sqs.committed();
  return undefined;
});

const getQueueAttributes = onQueue(
  'GetQueueAttributes',
  z.object({ AttributeNames: texts.default([]) }),
  async ({ queue, input: { AttributeNames: names } }) => {
    checkAttributeNames(names);
    const entries = Object.entries(allAttributes(queue)).filter(
      ([name]) => names.includes('All') || names.includes(name),
    );
    return entries.length > 0 ? { Attributes: Object.fromEntries(entries) } : {};
  },
);

const allAttributes = (queue: OpenQueue): Record<string, string> => {
  const { visible, notVisible, delayed } = queue.engine.depth();
  return {
    ...queue.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(notVisible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
  };
};

const setQueueAttributes = onQueue(
  'SetQueueAttributes',
  z.object({ Attributes: stringMap }),
  async ({ sqs, queue, input }) => {
    sqs.setAttributes(queue, input.Attributes);
    await sqs.committed();
    return undefined;
  },
);

const tagQueue = onQueue('TagQueue', z.object({ Tags: stringMap }), async ({ sqs, queue, input }) => {
  queue.setTags({ ...queue.tags, ...input.Tags });
  await sqs.committed();
  return undefined;
});

const untagQueue = onQueue('UntagQueue', z.object({ TagKeys: texts }), async ({ sqs, queue, input }) => {
  const kept = Object.entries(queue.tags).filter(([key]) => !input.TagKeys.includes(key));
  queue.setTags(Object.fromEntries(kept));
  await sqs.committed();
  return undefined;
});

const listQueueTags = onQueue('ListQueueTags', z.object({}), async ({ queue }) =>
  Object.keys(queue.tags).length > 0 ? { Tags: queue.tags } : {},
);

/** SQS API, "StartMessageMoveTask", "ListMessageMoveTasks". */
const MOST_MOVED_PER_SECOND = 500;
const MOST_TASKS_LISTED = 10;

const checkRange = (parameter: string, value: number, most: number): void => {
  if (value < 1 || value > most)
    throw invalidValue(value, parameter, `${parameter} must be between 1 and ${most}.`);
};

const startMessageMoveTask = operation(
  z.object({
    SourceArn: z.string(),
    DestinationArn: z.string().optional(),
    MaxNumberOfMessagesPerSecond: integer.optional(),
  }),
  async ({ sqs, call, input }) => {
    call.authorize('sqs:StartMessageMoveTask', input.SourceArn);
    const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond } = input;
    if (perSecond !== undefined) checkRange('MaxNumberOfMessagesPerSecond', perSecond, MOST_MOVED_PER_SECOND);
    const task = sqs.moveTasks.start(SourceArn, DestinationArn, perSecond);
    await sqs.committed();
    return { TaskHandle: handleOf(task) };
  },
);

const cancelMessageMoveTask = operation(
  z.object({ TaskHandle: z.string() }),
  async ({ sqs, call, input }) => {
    const task = sqs.moveTasks.cancel(input.TaskHandle, (sourceArn) =>
      call.authorize('sqs:CancelMessageMoveTask', sourceArn),
    );
    await sqs.committed();
    return { ApproximateNumberOfMessagesMoved: task.moved };
  },
);

const listMessageMoveTasks = operation(
  z.object({ SourceArn: z.string(), MaxResults: integer.default(1) }),
  async ({ sqs, call, input }) => {
    call.authorize('sqs:ListMessageMoveTasks', input.SourceArn);
    checkRange('MaxResults', input.MaxResults, MOST_TASKS_LISTED);
    if (!sqs.queues.find(input.SourceArn)) throw resourceNotFound('SourceArn');
    const tasks = sqs.moveTasks.list(input.SourceArn).slice(0, input.MaxResults);
    return tasks.length > 0 ? { Results: tasks.map(wireTask) } : {};
  },
);

const wireTask = (task: MoveTask) => ({
  ...(task.status === 'RUNNING' && { TaskHandle: handleOf(task) }),
  Status: task.status,
  SourceArn: task.sourceArn,
  ...(task.destinationArn && { DestinationArn: task.destinationArn }),
  ...(task.perSecond && { MaxNumberOfMessagesPerSecond: task.perSecond }),
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  ...(task.failure && { FailureReason: task.failure }),
  StartedTimestamp: task.startedAt,
});

export const queueOperations = {
  CreateQueue: createQueue,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  DeleteQueue: deleteQueue,
  PurgeQueue: purgeQueue,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
  ListQueueTags: listQueueTags,
  StartMessageMoveTask: startMessageMoveTask,
  CancelMessageMoveTask: cancelMessageMoveTask,
  ListMessageMoveTasks: listMessageMoveTasks,
};
