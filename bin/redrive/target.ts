import { existsSync } from 'node:fs';
import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { UserError } from '../../local/errors.ts';
import type { OutputsFile } from '../../scenarios/app/outputs.ts';
import { assertAnswers, endpointOf } from '../endpoint.ts';
import { readOutputs } from '../outputs-file.ts';

/** A deployment whose queues are looked at: where it answers, and what it calls them. */
export interface QueueTarget {
  readonly sqs: SQSClient;
  /** Undefined on AWS, where the SDK knows. */
  readonly endpoint: string | undefined;
  readonly outputs: OutputsFile;
}

/** Where `npm start` writes its outputs, unless told otherwise. */
const LOCAL_OUTPUTS = '.local/outputs.json';

/**
 * Finds out where `queue` is: at the address of its URL, if that is how it is called.
 * @throws {UserError} when there is no such target, its outputs cannot be read, or nothing answers there
 */
export const openTarget = async (
  name: string,
  outputsFile: string | undefined,
  queue: string,
): Promise<QueueTarget> => {
  if (!['local', 'endpoint', 'aws'].includes(name))
    throw new UserError(`--target ${name}: a target is local, endpoint or aws`);
  const file = outputsFile ?? (name === 'local' && existsSync(LOCAL_OUTPUTS) ? LOCAL_OUTPUTS : undefined);
  const outputs = file === undefined ? {} : await readOutputs(file);
  if (name === 'aws') return { sqs: new SQSClient({}), endpoint: undefined, outputs };
  const endpoint =
    process.env.AWS_ENDPOINT_URL ?? (isUrl(queue) ? new URL(queue).origin : endpointOf(outputs));
  await assertAnswers(endpoint);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { sqs: new SQSClient({ endpoint, region: 'us-east-1', credentials }), endpoint, outputs };
};

const isUrl = (text: string): boolean => /^https?:\/\//.test(text);

const valuesOf = (outputs: OutputsFile): Map<string, string> =>
  new Map(Object.values(outputs).flatMap((stack) => Object.entries(stack)));

/**
 * The URL of a queue that is called by the name of an output, by its own name or by its URL.
 * @throws {UserError} when there is none
 */
export const queueUrlOf = async ({ sqs, outputs }: QueueTarget, queue: string): Promise<string> => {
  if (isUrl(queue)) return queue;
  const known = valuesOf(outputs);
  const url = known.get(queue);
  if (url !== undefined && isUrl(url)) return url;
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
    if (QueueUrl !== undefined) return QueueUrl;
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
  }
  const names = [...known.keys()].filter((name) => /(Queue|DeadLetters)Url$/.test(name));
  throw new UserError(
    `there is no queue "${queue}"${names.length > 0 ? ` (outputs: ${names.join(', ')})` : ': give the --outputs FILE of the deployment to call queues by its outputs'}`,
  );
};
