import { pythonJson, type Replay, textAt } from '../replay.ts';
import type { Recorded } from '../wire/http.ts';
import type { LambdaSteps } from '../wire/lambda.ts';

export const FAILING = `
export const handler = async (event) => {
  const [record] = event.Records;
  const { destination, fail_attempts } = JSON.parse(record.body);
  const failed = fail_attempts >= Number(record.attributes.ApproximateReceiveCount);
  await tell(destination, { error: failed ? 'failed attempt' : null, event });
  if (failed) throw new Error('failed attempt');
};`;

export const REPORTING = `
export const handler = async (event) => {
  const failed = event.Records.filter(({ body, attributes }) =>
    JSON.parse(body).fail_attempts >= Number(attributes.ApproximateReceiveCount));
  const { OVERWRITE, RESULTS } = process.env;
  const result = OVERWRITE
    ? JSON.parse(OVERWRITE)
    : { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  await tell(RESULTS, { event, result });
  return result;
};`;

export const RECORDS = 'event.Records';
export const reports = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

/** The patterns of each round of recordings, with an item that matches and one that does not. */
const filters: Readonly<Record<string, readonly [object, unknown, unknown]>> = {
  single: [{ 'my-key': ['my-value'] }, { 'my-key': 'my-value' }, { 'my-key': 'other-value' }],
  or: [
    { 'my-key': ['my-value-one', 'my-value-two'] },
    { 'my-key': 'my-value-two' },
    { 'my-key': 'other-value' },
  ],
  and: [
    { 'my-key-one': ['other-filter', 'my-value-one'], 'my-key-two': ['my-value-two'] },
    { 'my-key-one': 'my-value-one', 'my-key-two': 'my-value-two' },
    { 'my-key-one': 'other-value-', 'my-key-two': 'my-value-two' },
  ],
  exists: [{ 'my-key': [{ exists: true }] }, { 'my-key': 'any-value-one' }, { 'other-key': 'any-value-two' }],
  'numeric-bigger': [{ 'my-number': [{ numeric: ['>', 100] }] }, { 'my-number': 101 }, { 'my-number': 100 }],
  'numeric-smaller': [{ 'my-number': [{ numeric: ['<', 100] }] }, { 'my-number': 99 }, { 'my-number': 100 }],
  'numeric-range': [
    { 'my-number': [{ numeric: ['>=', 100, '<', 200] }] },
    { 'my-number': 100 },
    { 'my-number': 200 },
  ],
  prefix: [{ 'my-key': [{ prefix: 'yes' }] }, { 'my-key': 'yes-value' }, { 'my-key': 'no-value' }],
  'valid-json-filter': [{ 'my-key': ['my-value'] }, { 'my-key': 'my-value' }, 'plain-string'],
  'single-filter': [{ testItem: ['test24'] }, { testItem: 'test24' }, { testItem: 'tesWER' }],
  'or-filter': [{ testItem: ['test24', 'test45'] }, { testItem: 'test45' }, { testItem: 'WERTD' }],
  'and-filter': [
    { testItem: ['test24', 'test45'], test2: ['go'] },
    { testItem: 'test45', test2: 'go' },
    { testItem: 'test67', test2: 'go' },
  ],
  'exists-filter': [{ test2: [{ exists: true }] }, { test2: '7411' }, { test5: '74545' }],
  'numeric-prefix': [{ test2: [{ prefix: 'us-1' }] }, { test2: 'us-1-48454' }, { test2: 'eu-wert' }],
  filter4: [{ test2: [{ numeric: ['>', 100] }] }, { test2: 105 }, 'this is a test string'],
  filter5: [{ test2: [{ numeric: ['<', 100] }] }, { test2: 93 }, { test2: 187 }],
  filter6: [{ test2: [{ numeric: ['>=', 100, '<', 200] }] }, { test2: 105 }, { test2: 250 }],
};
const older: Readonly<Record<string, string>> = {
  filter0: 'single-filter',
  filter1: 'or-filter',
  filter2: 'and-filter',
  filter3: 'exists-filter',
  filter7: 'numeric-prefix',
};

export const filterOf = (parameters: string) => {
  const name = /^filter\d/.exec(parameters)?.[0] ?? parameters;
  return filters[older[name] ?? name];
};

export const text = (item: unknown): string => (typeof item === 'string' ? item : pythonJson(item));

/** What is received of it is not seen again. */
export const destinationOf = (lambda: LambdaSteps) => lambda.sqs.queue({ VisibilityTimeout: '3600' });

/** A queue with a visibility timeout, whose messages end in another one after two receives. */
export const redriven = async (
  lambda: LambdaSteps,
  seconds: number,
  maxReceiveCount: number,
  fifo = false,
) => {
  const { sqs } = lambda;
  const kind = fifo ? { FifoQueue: 'true' } : {};
  const deadLetters = await sqs.queue(kind);
  const deadLetterTargetArn = await sqs.arn(deadLetters);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  const queue = await sqs.queue({ ...kind, VisibilityTimeout: String(seconds), RedrivePolicy });
  return { deadLetters, queue, arn: await sqs.arn(queue) };
};

export const receiveOne = (lambda: LambdaSteps, queue: string) =>
  lambda.sqs.receive(queue, { WaitTimeSeconds: 5, MaxNumberOfMessages: 1 });

export const queueUrlOf = (lambda: LambdaSteps, url: string): Promise<Recorded> =>
  lambda.sqs.call('GetQueueUrl', { QueueName: url.split('/').at(-1) });

/** A function that tells its records, told batches of them. */
export const batches = async (
  replay: Replay,
  lambda: LambdaSteps,
  queue: string,
  mapping: object,
  label: string,
) => {
  const teller = await lambda.teller('', RECORDS);
  const created = await lambda.mapped(teller.name, await lambda.sqs.arn(queue), { ...mapping });
  replay.note(label, created);
  return { teller, created };
};

export const byBody = (records: readonly unknown[]) =>
  [...records].sort((a, b) => (textAt(a, 'body') < textAt(b, 'body') ? -1 : 1));

export const flat = (lists: readonly unknown[]): unknown[] =>
  lists.flatMap((list) => (Array.isArray(list) ? list : []));

/** Lets a function that has told its event end, before time moves on. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
