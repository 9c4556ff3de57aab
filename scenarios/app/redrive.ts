import {
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { arnOf } from './queue-attributes.ts';
import { until } from './until.ts';

export interface Redriven {
  readonly status: string;
  /** The ARN of the queue that the messages went to; without one each went to the queue that it came from. */
  readonly destination?: string | undefined;
  readonly moved: number;
  /** How many were still there when the move ended otherwise than well. */
  readonly failed: number;
  /** Why the move ended before its time, in the words of SQS. */
  readonly reason?: string | undefined;
}

export interface RedriveOptions {
  /**
   * The URL of the queue that the messages go to.
   * @default - where they began: the queue at the head of the redrive policies that lead here, if there is one such
   */
  readonly to?: string | undefined;
  /** @default ten minutes */
  readonly timeoutMs?: number;
}

/**
 * Moves the messages of a dead-letter queue back to where they are worked on, and waits until that is done.
 *
 * SQS knows where a message came from only if a redrive policy has moved it; one that was forwarded by a function has no
 * source ("CouldNotDetermineMessageSource"). So the destination is named whenever the redrive policies lead back to one queue.
 *
 * @throws an error of SQS, such as when the queue is nobody's dead-letter queue, or is being redriven already
 */
export const redrive = async (
  sqs: SQSClient,
  queueUrl: string,
  { to, timeoutMs = 600_000 }: RedriveOptions = {},
): Promise<Redriven> => {
  const sourceArn = await arnOf(sqs, queueUrl);
  const heads = to === undefined ? await headsOf(sqs, queueUrl) : [to];
  const [head] = heads;
  const destination = head !== undefined && heads.length === 1 ? await arnOf(sqs, head) : undefined;
  await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: sourceArn,
      ...(destination !== undefined && { DestinationArn: destination }),
    }),
  );
  const task = await until(
    'the messages to be moved',
    () => latestTask(sqs, sourceArn),
    ({ Status }) => Status !== 'RUNNING',
    { timeoutMs, everyMs: 100 },
  );
  const moved = task.ApproximateNumberOfMessagesMoved ?? 0;
  const status = task.Status ?? 'UNKNOWN';
  return {
    status,
    destination,
    moved,
    failed: status === 'COMPLETED' ? 0 : Math.max(0, (task.ApproximateNumberOfMessagesToMove ?? 0) - moved),
    reason: task.FailureReason,
  };
};

/** The queues from which messages can come here over any number of redrive policies, and that nothing leads to. */
const headsOf = async (sqs: SQSClient, queueUrl: string, seen = new Set([queueUrl])): Promise<string[]> => {
  const { queueUrls = [] } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: queueUrl }));
  const heads: string[] = [];
  for (const source of queueUrls.filter((url) => !seen.has(url))) {
    const further = await headsOf(sqs, source, seen.add(source));
    heads.push(...(further.length > 0 ? further : [source]));
  }
  return heads;
};

/** SQS lists the latest first. */
const latestTask = async (sqs: SQSClient, SourceArn: string): Promise<ListMessageMoveTasksResultEntry> => {
  const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
  return Results[0] ?? { Status: 'RUNNING' };
};
