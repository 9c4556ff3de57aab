import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Clock, VirtualClock } from '../../../../local/clock.ts';
import type { Foundation } from '../../../../local/cloud.ts';
import type { Iam } from '../../../../local/iam.ts';
import type { Caller } from '../../../../local/ports.ts';
import { Sqs } from '../../../../local/services/sqs/service.ts';
import { Store } from '../../../../local/store.ts';
import { Trace } from '../../../../local/trace.ts';

export const account = '000000000000';
export const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}`;
export const urlOf = (name: string) => `http://127.0.0.1:4566/${account}/${name}`;
export const asAccount: Caller = { kind: 'account' };

const everythingAllowed: Iam = {
  authorize: () => undefined,
  credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
  callerOf: () => asAccount,
  putRole: () => undefined,
  attachPolicy: () => undefined,
  putResourcePolicy: () => undefined,
  unusedGrants: () => [],
};

export const foundation = <C extends Clock>(
  clock: C,
  { file = ':memory:', iam = {} }: { readonly file?: string; readonly iam?: Partial<Iam> } = {},
): Foundation & { readonly clock: C } => ({
  clock,
  store: new Store(file),
  trace: new Trace(),
  iam: { ...everythingAllowed, ...iam },
  metrics: { record: () => undefined },
  account,
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
  dataDir: '',
});

/** SQS behind a bare HTTP server, and a client of it. */
export const startSqs = async (options: { readonly iam?: Partial<Iam> } = {}) => {
  const clock = new VirtualClock();
  const base = foundation(clock, options);
  const sqs = new Sqs(base);
  const server = createServer((request, response) => {
    const caller = asAccount;
    const authorize = (action: string, arn: string) => base.iam.authorize(caller, action, arn);
    void sqs.protocol.handle(request, response, { requestId: randomUUID(), caller, authorize });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const close = async () => {
    client.destroy();
    await sqs.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    base.store.close();
  };
  return { sqs, clock, client, endpoint, close };
};
