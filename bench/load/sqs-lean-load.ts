/** The same full cycles as `sqs-load.ts`, by a client that costs next to nothing. */
import { z } from 'zod';
import { BATCH, BODY, LANES } from './cycle.ts';
import { poster } from './post.ts';
import { serveLoad } from './worker.ts';

const Entries = Array.from({ length: BATCH }, (_, index) => ({ Id: String(index), MessageBody: BODY }));
const Created = z.object({ QueueUrl: z.string() });
const Batch = z.object({ Failed: z.array(z.unknown()).default([]) });
const Received = z.object({ Messages: z.array(z.object({ ReceiptHandle: z.string() })).default([]) });

await serveLoad(LANES, async (endpoint, QueueName = 'bench') => {
  const post = poster(endpoint, 'sqs', 'AmazonSQS');
  const { QueueUrl } = Created.parse(JSON.parse(await post('CreateQueue', JSON.stringify({ QueueName }))));
  const send = JSON.stringify({ QueueUrl, Entries });
  const receive = JSON.stringify({ QueueUrl, MaxNumberOfMessages: BATCH });

  return async (): Promise<number> => {
    const sent = Batch.parse(JSON.parse(await post('SendMessageBatch', send)));
    if (sent.Failed.length > 0) throw new Error(`${sent.Failed.length} messages were refused`);
    const { Messages } = Received.parse(JSON.parse(await post('ReceiveMessage', receive)));
    if (Messages.length === 0) return 0;
    const handles = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const deletion = JSON.stringify({ QueueUrl, Entries: handles });
    const deleted = Batch.parse(JSON.parse(await post('DeleteMessageBatch', deletion)));
    if (deleted.Failed.length > 0) throw new Error(`${deleted.Failed.length} messages were not deleted`);
    return Messages.length;
  };
});
