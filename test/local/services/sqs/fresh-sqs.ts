import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { startSqs } from './sqs-server.ts';

export type Attributes = Partial<Record<QueueAttributeName, string>>;

/** A fresh SQS for each test of a file, and the calls that many tests begin with. */
export const freshSqs = () => {
  let started: Awaited<ReturnType<typeof startSqs>> | undefined;
  const running = () => {
    if (!started) throw new Error('SQS runs only during a test');
    return started;
  };

  beforeEach(async () => {
    started = await startSqs();
  });
  afterEach(() => running().close());

  const createQueue = async (name = 'jobs', Attributes: Attributes = {}) => {
    const { QueueUrl } = await running().client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    if (!QueueUrl) throw new Error('no queue URL');
    return QueueUrl;
  };

  const attributesOf = async (QueueUrl: string, ...AttributeNames: QueueAttributeName[]) =>
    (await running().client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;

  return {
    get client() {
      return running().client;
    },
    get clock() {
      return running().clock;
    },
    createQueue,
    createFifoQueue: () => createQueue('edits.fifo', { FifoQueue: 'true' }),
    attributesOf,
  };
};

/** Code as the older SDKs show it, message and status of a refusal. */
export const refusal = async (request: Promise<unknown>) => {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SQSServiceException)) throw new Error(`not refused: ${String(error)}`);
  const code = 'Code' in error ? error.Code : undefined;
  return { code, message: error.message, status: error.$metadata.httpStatusCode };
};
