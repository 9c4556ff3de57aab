import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, SystemClock } from '../../../../local/clock.ts';
import type { Foundation } from '../../../../local/cloud.ts';
import { AwsError } from '../../../../local/errors.ts';
import type { Iam } from '../../../../local/iam.ts';
import type { Caller, OutgoingMessage, Publication } from '../../../../local/ports.ts';
import type { FunctionDefinition } from '../../../../local/services/lambda/function-definition.ts';
import { Lambda } from '../../../../local/services/lambda/service.ts';
import { Store } from '../../../../local/store.ts';
import { Trace } from '../../../../local/trace.ts';
import { FakeQueues } from '../../pollers/fake-queues.ts';

export const account: Caller = { kind: 'account' };
export const roleArn = 'arn:aws:iam::000000000000:role/worker';

const assets = join(import.meta.dirname, 'fixtures');

/** An IAM that grants everything but the actions in `denied`. */
const lenientIam = (denied: ReadonlySet<string>): Iam => ({
  authorize: (_caller, action, resourceArn) => {
    if (denied.has(action)) throw new AwsError('AccessDenied', `${action} on ${resourceArn}`, 403);
  },
  credentialsFor: (role, session) => ({
    accessKeyId: 'ASIATEST',
    secretAccessKey: 'secret',
    sessionToken: `${role}/${session}`,
  }),
  callerOf: () => account,
  putRole: () => undefined,
  attachPolicy: () => undefined,
  putResourcePolicy: () => undefined,
  unusedGrants: () => [],
});

export interface Sent {
  readonly target: string;
  readonly body: string;
  readonly attributes?: OutgoingMessage['attributes'];
  readonly caller: Caller;
}

export interface LambdaInTest {
  readonly lambda: Lambda;
  readonly foundation: Foundation;
  readonly queues: FakeQueues;
  readonly sent: Sent[];
  readonly denied: Set<string>;
  readonly metrics: { readonly name: string; readonly value: number }[];
  create(definition?: Partial<FunctionDefinition>): Promise<string>;
  close(): Promise<void>;
}

/** Lambda on a store and directory of its own, among services that only note what they are told. */
export const lambdaInTest = (
  clock: Clock = new SystemClock(),
  store = new Store(':memory:'),
): LambdaInTest => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambda-test-'));
  const denied = new Set<string>();
  const metrics: { name: string; value: number }[] = [];
  const sent: Sent[] = [];
  const note = (target: string, body: string, caller: Caller, attributes?: OutgoingMessage['attributes']) => {
    sent.push({ target, body, caller, ...(attributes && { attributes }) });
    return { messageId: 'noted' };
  };
  const foundation: Foundation = {
    clock,
    store,
    trace: new Trace(),
    iam: lenientIam(denied),
    metrics: { record: (_namespace, name, _dimensions, value) => metrics.push({ name, value }) },
    account: '000000000000',
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    dataDir,
  };
  const queues = new FakeQueues(clock, (arn, message, caller) =>
    note(arn, message.body, caller, message.attributes),
  );
  const lambda = new Lambda(foundation, {
    queues,
    topics: () => ({
      publish: async (arn: string, publication: Publication, caller: Caller) =>
        note(arn, publication.message, caller),
    }),
    objects: () => ({
      put: async (bucket, key, body, caller) => {
        note(`${bucket}/${key}`, Buffer.from(body).toString(), caller);
      },
    }),
  });
  return {
    lambda,
    foundation,
    queues,
    sent,
    denied,
    metrics,
    create: async ({ name = 'worker', code = { directory: join(assets, 'asset') }, ...definition } = {}) => {
      const defaults = { roleArn, runtime: 'nodejs24.x', handler: 'index.handler', memoryMb: 256 };
      return (await lambda.createFunction({ ...defaults, ...definition, name, code })).arn;
    },
    close: async () => {
      await lambda.close();
      store.flush();
      if (clock instanceof SystemClock) clock.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

/** Lets promises, processes and files go on, until something is so. Real time: processes know no other. */
export const until = async (holds: () => boolean, what: string): Promise<void> => {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
