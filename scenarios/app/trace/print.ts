import { idOf, type TraceEvent } from './event.ts';
import type { Stay } from './node.ts';
import type { TraceBranch } from './tree.ts';

/** The tree as text: time since the first line in ms, then what happened, each under what has led to it. */
export const printTrace = (branches: readonly TraceBranch[]): string =>
  branches.flatMap((branch) => linesOf(branch, 0)).join('\n');

const linesOf = (branch: TraceBranch, depth: number): string[] => [
  `${`+${branch.atMs} ms`.padStart(10)}  ${'  '.repeat(depth)}${describe(branch)}`,
  ...branch.children.flatMap((child) => linesOf(child, depth + 1)),
];

const describe = ({ event, stay, receive, times }: TraceBranch): string => {
  const name = shortName(event.resource);
  if (stay) return `sqs  ${name}  message ${idOf(event, 'messageId').slice(0, 8)}, ${toldOf(stay, event.at)}`;
  if (event.action === 'Invoke') return `lambda  ${name}  ${invocation(event, receive)}`;
  if (event.service === 'apigateway')
    return `apigateway  ${event.action} ${name}  ${idOf(event, 'status')} in ${idOf(event, 'latencyMs')} ms${times === undefined ? '' : `, the first of ${times}`}`;
  const notes = ['route', 'attempt', 'cause', 'reason', 'condition', 'shardId', 'statusCode']
    .filter((key) => key in event.ids && !(key === 'cause' && event.action !== 'DeliveryFailed'))
    .map((key) => `${key} ${idOf(event, key)}`);
  return [`${event.service}  ${event.action} ${name}`, ...notes].join('  ');
};

const invocation = (event: TraceEvent, receive: number | undefined): string => {
  const { status, durationMs, initMs, attempt, messages, records } = event.ids;
  const size = messages === undefined ? Number(records ?? 1) : String(messages).split(' ').length;
  return [
    ...(receive === undefined && attempt === undefined ? [] : [`attempt ${receive ?? attempt}`]),
    `${status} in ${durationMs} ms${initMs === undefined ? '' : ` after ${initMs} ms of init`}`,
    ...(size > 1 ? [`batch of ${size}`] : []),
  ].join(', ');
};

const toldOf = ({ receivedAt, deletedAt, movedTo }: Stay, sentAt: number): string =>
  [
    receivedAt.length === 0
      ? 'not received yet'
      : `received ${receivedAt.length}x, first after ${Math.round((receivedAt[0] ?? sentAt) - sentAt)} ms`,
    ...movedTo.map((queue) => `moved to ${shortName(queue)}`),
    ...(deletedAt === undefined ? [] : [`deleted after ${Math.round(deletedAt - sentAt)} ms`]),
  ].join(', ');

/** Without what tools append to make a name unique: CDK its hash of the path, the local cloud one of the stack. */
export const shortName = (resource: string): string => {
  const name = resource.startsWith('arn:') ? resource.split(':').slice(5).join(':') : resource;
  return name
    .replace(/-[0-9a-f]{8}(?=\.fifo$|$|\/)/, '')
    .replace(/([0-9A-F]{8}|[0-9a-f]{8})(?=\.fifo$|$|\/)/, '');
};
