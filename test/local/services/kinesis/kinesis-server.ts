import { KinesisClient } from '@aws-sdk/client-kinesis';
import { VirtualClock } from '../../../../local/clock.ts';
import { Gateway } from '../../../../local/gateway.ts';
import type { Iam } from '../../../../local/iam.ts';
import { MetricStore } from '../../../../local/metrics.ts';
import { Kinesis } from '../../../../local/services/kinesis/service.ts';
import { foundation } from '../sqs/sqs-server.ts';

/** Kinesis behind the gateway, because its SDK client speaks HTTP/2, and a client of it. */
export const startKinesis = async (options: { readonly iam?: Partial<Iam> } = {}) => {
  const clock = new VirtualClock();
  const metrics = new MetricStore(clock);
  const base = { ...foundation(clock, options), metrics };
  const kinesis = new Kinesis(base);
  const gateway = new Gateway();
  const endpoint = await gateway.listen(0);
  gateway.serve({
    iam: base.iam,
    protocols: new Map([['kinesis', kinesis.protocol]]),
    upgrade: (_, socket) => socket.destroy(),
  });
  const client = new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const close = async () => {
    client.destroy();
    gateway.refuse();
    await gateway.close();
    await kinesis.close();
    base.store.close();
  };
  return { kinesis, clock, metrics, client, close };
};
