import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { printTrace } from '../../scenarios/app/trace/print.ts';
import { traceOf } from '../../scenarios/app/trace/tree.ts';
import { until } from '../../scenarios/app/until.ts';
import { photograph } from '../../scenarios/photograph.ts';
import { play, scenario } from '../../scenarios/scenario.ts';
import { startTestApp, type TestApp } from '../support/local-app.ts';

let cloud: TestApp;

beforeAll(async () => {
  cloud = await startTestApp();
});
afterAll(() => cloud.close());

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const CORRELATION = 'order-7:first-try';

/** The functions that a job goes through. */
const SERVICES = [
  'ArchiveActivity',
  'AuditEvent',
  'CountActivity',
  'ProcessImage',
  'ProjectJob',
  'PushJobChange',
  'RecordActivity',
  'RequestJob',
  'UploadReceived',
];

const line = z.looseObject({
  correlationId: z.string().optional(),
  correlationIds: z.array(z.string()).optional(),
  traceparent: z.string().optional(),
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** By function, the lines that name the correlation: what a query over all log groups would find. */
const linesByService = async (): Promise<Record<string, z.infer<typeof line>[]>> => {
  const directory = join(dirname(cloud.booted.outputsFile), 'logs');
  const found: Record<string, z.infer<typeof line>[]> = {};
  for (const file of await readdir(directory)) {
    const lines = (await readFile(join(directory, file), 'utf8')).split('\n').flatMap((text) => {
      const { data } = line.safeParse(parsed(text));
      const named = data?.correlationId === CORRELATION || data?.correlationIds?.includes(CORRELATION);
      return data && named ? [data] : [];
    });
    const service = SERVICES.find((name) => file.includes(`-${name}Function`));
    if (service && lines.length > 0) found[service] = lines;
  }
  return found;
};

const requestJob = async (contentLength: number) => {
  const response = await cloud.app.fetch('/v1/jobs', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-correlation-id': CORRELATION,
      traceparent: TRACEPARENT,
    },
    body: JSON.stringify({ contentType: 'image/jpeg', contentLength, operations: [{ op: 'grayscale' }] }),
  });
  const { id, upload } = z
    .object({
      id: z.string(),
      upload: z.object({ url: z.string(), fields: z.record(z.string(), z.string()) }),
    })
    .parse(await response.json());
  return { response, id, upload };
};

test('one correlation id, from the caller, leads through the logs of every service that a job goes through', async () => {
  const image = await photograph(64, 48);

  const { response, id, upload } = await requestJob(image.byteLength);
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
  form.append('file', new Blob([image], { type: 'image/jpeg' }), 'image');
  await fetch(upload.url, { method: 'POST', body: form });
  const found = await until(
    'every service to have logged',
    linesByService,
    (lines) => Object.keys(lines).length === SERVICES.length,
    { timeoutMs: 60_000, everyMs: 100 },
  );

  expect(response.headers.get('x-correlation-id')).toBe(CORRELATION);
  expect(response.headers.get('traceparent')).toBe(TRACEPARENT);
  expect(Object.keys(found).toSorted()).toEqual(SERVICES);
  const traceparents = Object.values(found)
    .flat()
    .flatMap(({ traceparent }) => traceparent ?? []);
  expect(new Set(traceparents)).toEqual(new Set([TRACEPARENT]));

  const tree = printTrace(traceOf(await cloud.local.trace(), id));
  for (const service of SERVICES) expect(tree).toContain(`-${service}Function  `);
  const roots = tree.split('\n').filter((text) => /ms {2}\S/.test(text));
  expect(roots.map((text) => text.trim().split(/ {2}/)[2]?.split(' ')[0])).toEqual(['POST', 'PostObject']);
}, 120_000);

test('the calls of a function are in the trace that API Gateway has told the client; what a queue leads to is linked to it', async () => {
  const { response, id } = await requestJob(1);
  const root = /Root=([^;]+)/.exec(response.headers.get('x-amzn-trace-id') ?? '')?.[1];
  const events = (await cloud.local.trace()).filter(({ ids }) => ids.trace === root);

  expect(root).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  expect(events.map(({ service, action }) => `${service} ${action}`).toSorted()).toEqual([
    'apigateway POST',
    'dynamodb PutItem',
    'lambda Invoke',
    'sqs SendMessage',
  ]);
  await cloud.local.skipTime(600_000);
  const expired = await until(
    'the deadline to be handled',
    async () => (await cloud.local.trace()).find(({ ids }) => String(ids.links).includes(root ?? '-')),
    (event) => event !== undefined,
    { timeoutMs: 60_000, everyMs: 100 },
  );
  expect(expired).toMatchObject({ service: 'lambda', action: 'Invoke' });
  expect(expired?.ids.trace).not.toBe(root);
  expect((await cloud.app.jobs.get(id)).status).toBe('expired');
}, 120_000);

test('a check that fails is followed by the way of the job that it was about', async () => {
  const lines: string[] = [];
  const failing = scenario('failing', 'none', 'nothing', async ({ app, check }) => {
    const { id } = await app.jobs.request({ contentType: 'image/jpeg', contentLength: 1, operations: [] });
    check('is what it is not', id === '');
  });

  const { passed } = await play(failing, cloud.app, (line) => lines.push(line));

  const [id = ''] = cloud.app.jobs.requested.slice(-1);
  expect(passed).toBe(false);
  expect(lines.at(-1)).toContain(`trace of ${id}`);
  expect(lines.at(-1)).toMatch(/\+0 ms {2}apigateway {2}POST .*\n.*lambda .*RequestJobFunction/);
});

test('an object that a function has made leads to its message within the same trace', async () => {
  const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0';
  const bucket = await uploadsBucket();

  await fetch(`${cloud.booted.endpoint}/${bucket}/uploads/traced`, {
    method: 'PUT',
    body: 'image',
    headers: {
      'x-amzn-trace-id': header,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
    },
  });
  const message = await until(
    'the message that tells of it',
    async () =>
      (await cloud.local.trace()).find(
        ({ action, ids }) => action === 'SendMessage' && ids.key === 'uploads/traced',
      ),
    (event) => event !== undefined,
  );

  expect(message?.ids.trace).toBe('1-5759e988-bd862e3fe1be46a994272793');
});

const uploadsBucket = async (): Promise<string> => {
  const { Buckets = [] } = await cloud.app.s3.send(new ListBucketsCommand({}));
  return Buckets.map(({ Name = '' }) => Name).find((name) => name.includes('uploads')) ?? '';
};
