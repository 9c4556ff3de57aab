import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { SNSClient } from '@aws-sdk/client-sns';
import { VirtualClock } from '../../../../local/clock.ts';
import type { Foundation } from '../../../../local/cloud.ts';
import type { Iam } from '../../../../local/iam.ts';
import type { Caller, Invocation, OutgoingMessage } from '../../../../local/ports.ts';
import { Sns } from '../../../../local/services/sns/service.ts';
import { Store } from '../../../../local/store.ts';
import { Trace } from '../../../../local/trace.ts';

export const ACCOUNT = '000000000000';
export const account: Caller = { kind: 'account' };
export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;

export interface Sent {
  readonly queue: string;
  readonly message: OutgoingMessage;
  readonly caller: Caller;
}

export interface Datum {
  readonly name: string;
  readonly topic: string | undefined;
  readonly value: number;
}

/** Everything around the service, faked: what it sent, and a way to make an endpoint fail. */
export class Surroundings {
  readonly clock = new VirtualClock();
  readonly sent: Sent[] = [];
  readonly invoked: { readonly arn: string; readonly payload: string; readonly caller: Caller }[] = [];
  readonly data: Datum[] = [];
  readonly policies = new Map<string, unknown>();
  /** An error for an ARN, as long as it stands here. */
  readonly broken = new Map<string, Error>();
  readonly trace = new Trace();

  readonly queues = {
    send: async (arn: string, message: OutgoingMessage, caller: Caller) => {
      this.#check(arn);
      this.sent.push({ queue: arn.split(':').at(-1) ?? '', message, caller });
      return { messageId: String(this.sent.length) };
    },
  };

  readonly functions = {
    invoke: async (): Promise<Invocation> => {
      throw new Error('Amazon SNS invokes asynchronously');
    },
    invokeAsync: async (arn: string, payload: string, caller: Caller) => {
      this.#check(arn);
      this.invoked.push({ arn, payload, caller });
    },
  };

  foundation(store: Store, endpoint = 'http://127.0.0.1:4566'): Foundation {
    const iam: Iam = {
      authorize: () => undefined,
      credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
      callerOf: () => account,
      putRole: () => undefined,
      attachPolicy: () => undefined,
      putResourcePolicy: (arn, _name, document) => this.policies.set(arn, document),
      unusedGrants: () => [],
    };
    return {
      clock: this.clock,
      store,
      trace: this.trace,
      iam,
      metrics: {
        record: (_namespace, name, dimensions, value) =>
          this.data.push({ name, topic: dimensions.TopicName, value }),
      },
      account: ACCOUNT,
      region: 'us-east-1',
      endpoint,
      dataDir: '/nowhere',
    };
  }

  metric(name: string): number {
    return this.data.filter((datum) => datum.name === name).reduce((sum, { value }) => sum + value, 0);
  }

  bodies(queue: string): string[] {
    return this.sent.filter((sent) => sent.queue === queue).map(({ message }) => message.body);
  }

  #check(arn: string): void {
    const error = this.broken.get(arn);
    if (error) throw error;
  }
}

/** Lets everything run that waits for nothing but the event loop. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Waits for what happens outside the event loop's own work: a key being made, a request on its way. */
export const eventually = async <T>(look: () => T | undefined): Promise<T> => {
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await settle();
  }
};

export const topicService = (store = new Store(':memory:'), around = new Surroundings()) => {
  const sns = new Sns(around.foundation(store), { queues: around.queues, functions: around.functions });
  return { sns, around, store };
};

export const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
};

export interface Wire {
  readonly client: SNSClient;
  readonly endpoint: string;
  readonly around: Surroundings;
  readonly sns: Sns;
  close(): Promise<void>;
}

/** The service behind a real HTTP server, with the AWS SDK's client for it. */
export const onTheWire = async (
  authorize: (action: string, resourceArn: string) => void = () => undefined,
): Promise<Wire> => {
  const around = new Surroundings();
  const store = new Store(':memory:');
  let sns: Sns | undefined;
  const server = createServer((request: IncomingMessage, response) => {
    const caller: Caller = request.headers.authorization ? account : { kind: 'anonymous' };
    void sns?.protocol.handle(request, response, { requestId: 'request-1', caller, authorize });
  });
  const endpoint = await listen(server);
  sns = new Sns(around.foundation(store, endpoint), { queues: around.queues, functions: around.functions });
  const client = new SNSClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const running = sns;
  return {
    client,
    endpoint,
    around,
    sns: running,
    close: async () => {
      client.destroy();
      await running.close();
      server.closeAllConnections();
      server.close();
    },
  };
};
