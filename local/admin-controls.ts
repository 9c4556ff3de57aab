import { z } from 'zod';
import { type Admin, jsonBody } from './admin.ts';
import { SystemClock } from './clock.ts';
import type { Cloud } from './cloud.ts';
import { AwsError } from './errors.ts';

const skip = z.strictObject({ advanceMs: z.number().int().min(0) });
const kill = z.strictObject({ function: z.string().min(1) });

const MOST_PEEKED = 100;

/** `GET /_local/queues/peek?arn=` and the like: a parameter that must be there. */
const required = (query: URLSearchParams, name: string): string => {
  const value = query.get(name);
  if (!value) throw new AwsError('InvalidRequest', `The query parameter "${name}" is missing`);
  return value;
};

/** What scenarios and people can do to a running cloud, and see of it. */
export const addControls = (admin: Admin, cloud: Cloud): void => {
  admin.on('GET', '/_local/health', () => ({ json: { status: 'ready', nowMs: cloud.clock.now() } }));

  admin.on('POST', '/_local/clock', async (request) => {
    const { advanceMs } = jsonBody(request, skip);
    if (!(cloud.clock instanceof SystemClock))
      throw new AwsError('Conflict', 'The clock of this cloud is moved by a test', 409);
    cloud.clock.advance(advanceMs);
    await cloud.store.committed();
    return { json: { nowMs: cloud.clock.now() } };
  });

  admin.on('GET', '/_local/trace', ({ query }) => {
    const since = z.coerce.number().safeParse(query.get('since') ?? 0);
    if (!since.success) throw new AwsError('InvalidRequest', '"since" must be milliseconds since the epoch');
    return { json: { events: cloud.trace.events().filter(({ at }) => at >= since.data) } };
  });

  admin.on('GET', '/_local/environments', () => ({
    json: {
      functions: Object.fromEntries(
        cloud.lambda.functions().map(({ name }) => [name, cloud.lambda.environments(name)]),
      ),
    },
  }));

  admin.on('POST', '/_local/environments/kill', (request) => {
    const { function: name } = jsonBody(request, kill);
    const environments = cloud.lambda.environments(name);
    const chosen = environments.find(({ busy }) => busy) ?? environments[0];
    if (!chosen) throw new AwsError('NotFound', `The function ${name} has no running environment`, 404);
    process.kill(chosen.pid, 'SIGKILL');
    return { json: chosen };
  });

  admin.on('GET', '/_local/iam/unused-grants', () => ({ json: { unused: cloud.iam.unusedGrants() } }));

  admin.on('GET', '/_local/queues/peek', ({ query }) => ({
    json: { messages: cloud.sqs.peek(required(query, 'arn'), MOST_PEEKED) },
  }));

  admin.on('GET', '/_local/sns/certificate.pem', async () => ({
    contentType: 'application/x-pem-file',
    body: await cloud.sns.certificatePem(),
  }));
};
