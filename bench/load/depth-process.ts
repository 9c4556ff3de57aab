/** The local cloud alone in a process, with a shallow and a deep queue: tells what each waiting message takes in memory. */
import { startCloud } from '../../local/start-cloud.ts';

const BODY_BYTES = 100;
const AT_ONCE = 1000;

export interface Filled {
  readonly endpoint: string;
  /** Of the whole process, per message, without the body. */
  readonly bytesPerMessage: number;
}

const [dataDir, shallow, deep] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('where are the data to live?');
const { cloud, endpoint, close } = await startCloud({ port: 0, dataDir });

const fill = async (name: string, count: number): Promise<void> => {
  const { arn } = await cloud.sqs.createQueue({ name, attributes: {} });
  const queue = cloud.sqs.queues.get(arn);
  const caller = { kind: 'account' } as const;
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    const messages = Array.from({ length: AT_ONCE }, (_, index) => ({
      body: String(sent + index).padEnd(BODY_BYTES),
    }));
    await cloud.sqs.sendChecked(queue, messages, caller);
  }
};

const residentBytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss;
};

await fill('shallow', Number(shallow));
const before = residentBytes();
await fill('deep', Number(deep));
const bytesPerMessage = (residentBytes() - before) / Number(deep) - BODY_BYTES;
process.once('disconnect', () => void close().then(() => process.exit(0)));
process.send?.({ endpoint, bytesPerMessage } satisfies Filled);
