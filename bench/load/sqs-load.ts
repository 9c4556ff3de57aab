/** A client of SQS in a process of its own: full cycles (send, receive, delete) in batches of ten, through the SDK. */
import { SQS } from '@aws-sdk/client-sqs';
import { BATCH, BODY, LANES } from './cycle.ts';
import { serveLoad } from './worker.ts';

const entries = Array.from({ length: BATCH }, (_, index) => ({ Id: String(index), MessageBody: BODY }));

await serveLoad(LANES, async (endpoint) => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sqs = new SQS({ endpoint, region: 'us-east-1', credentials });
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'bench' });

  /** @returns how many messages went the whole way. */
  return async (): Promise<number> => {
    const { Failed: unsent = [] } = await sqs.sendMessageBatch({ QueueUrl, Entries: entries });
    if (unsent.length > 0) throw new Error(`${unsent.length} messages were refused`);
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: BATCH });
    if (Messages.length === 0) return 0;
    const { Failed: kept = [] } = await sqs.deleteMessageBatch({
      QueueUrl,
      Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    });
    if (kept.length > 0) throw new Error(`${kept.length} messages were not deleted`);
    return Messages.length;
  };
});
