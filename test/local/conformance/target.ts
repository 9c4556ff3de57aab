import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SystemClock } from '../../../local/clock.ts';
import { startCloud } from '../../../local/start-cloud.ts';
import { zipOf } from './zip.ts';

/** What the checks run against: clients of an endpoint, and what they need around them. */
export interface Target {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly endpoint: string;
  /** Lets that much time pass: the local cloud's own is moved on, anywhere else it is waited for. */
  pass(ms: number): Promise<void>;
  /** A name that nothing else has. */
  name(suffix?: string): string;
  /** A function of the runtime nodejs24.x with that code in index.mjs. @returns its name */
  createFunction(code: string, environment?: Readonly<Record<string, string>>): Promise<string>;
  /** Deletes what a check has made, whatever came of it; the last one first. */
  afterwards(clean: () => Promise<unknown>): void;
  /** Runs what `afterwards` was told. */
  clean(): Promise<void>;
  close(): Promise<void>;
}

/** The role of the functions that the checks make: on AWS one that may use queues and streams. */
const ROLE_ARN = process.env.ROLE_ARN ?? 'arn:aws:iam::000000000000:role/conformance';

/** The endpoint that the environment variable ENDPOINT names, or a local cloud of its own. */
export const openTarget = async (): Promise<Target> => {
  const { ENDPOINT } = process.env;
  return ENDPOINT === undefined || ENDPOINT === '' ? localTarget() : remoteTarget(ENDPOINT);
};

/** The configuration of a client of that endpoint. */
export const configOf = (endpoint: string) => ({
  endpoint,
  region: process.env.AWS_REGION ?? 'us-east-1',
  ...(process.env.AWS_ACCESS_KEY_ID === undefined && {
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }),
  maxAttempts: 1,
});

const clientsOf = (endpoint: string) => {
  const config = configOf(endpoint);
  return {
    endpoint,
    sqs: new SQSClient(config),
    sns: new SNSClient(config),
    kinesis: new KinesisClient(config),
    lambda: new LambdaClient(config),
  };
};

type Clients = ReturnType<typeof clientsOf>;

const around = (clients: Clients) => {
  const run = randomUUID().slice(0, 8);
  const cleaning: (() => Promise<unknown>)[] = [];
  let names = 0;
  return {
    ...clients,
    name: (suffix = '') => {
      names += 1;
      return `conformance-${run}-${names}${suffix}`;
    },
    afterwards: (clean: () => Promise<unknown>) => {
      cleaning.push(clean);
    },
    clean: async () => {
      for (const clean of cleaning.splice(0).reverse()) await clean().catch(() => undefined);
    },
  };
};

const destroy = ({ sqs, sns, kinesis, lambda }: Clients): void => {
  for (const client of [sqs, sns, kinesis, lambda]) client.destroy();
};

const localTarget = async (): Promise<Target> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'conformance-'));
  const clock = new SystemClock();
  const { cloud, endpoint, close } = await startCloud({ port: 0, dataDir, clock });
  const clients = clientsOf(endpoint);
  const target = around(clients);
  cloud.iam.putRole(ROLE_ARN, {
    all: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['sqs:*', 'sns:*', 'kinesis:*', 'lambda:*'], Resource: '*' }],
    },
  });
  return {
    ...target,
    pass: async (ms) => {
      clock.advance(ms);
      await pause(20);
    },
    createFunction: async (inline, environment = {}) => {
      const name = target.name();
      await cloud.lambda.createFunction({
        name,
        roleArn: ROLE_ARN,
        runtime: 'nodejs24.x',
        handler: 'index.handler',
        timeoutSeconds: 10,
        memoryMb: 256,
        environment,
        code: { inline },
      });
      return name;
    },
    close: async () => {
      destroy(clients);
      await close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

const remoteTarget = (endpoint: string): Target => {
  const clients = clientsOf(endpoint);
  const target = around(clients);
  return {
    ...target,
    pass: (ms) => pause(ms),
    createFunction: async (code, environment = {}) => {
      const FunctionName = target.name();
      await clients.lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role: ROLE_ARN,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Timeout: 10,
          MemorySize: 256,
          Environment: { Variables: environment },
          Code: { ZipFile: zipOf('index.mjs', code) },
        }),
      );
      target.afterwards(() => clients.lambda.send(new DeleteFunctionCommand({ FunctionName })));
      await waitUntilFunctionActiveV2({ client: clients.lambda, maxWaitTime: 60 }, { FunctionName });
      return FunctionName;
    },
    close: async () => destroy(clients),
  };
};

/** Asks again until the answer will do, at most fifteen seconds. @throws with the last answer */
export const until = async <T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> => {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await pause(50);
  }
};
