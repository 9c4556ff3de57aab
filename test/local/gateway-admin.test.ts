import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningCloud, startCloud } from '../../local/start-cloud.ts';

let dataDir: string;
let running: RunningCloud;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  running = await startCloud({ port: 0, dataDir });
});

afterEach(async () => {
  await running.close();
  await rm(dataDir, { recursive: true });
});

const call = (path: string, init: RequestInit = {}) => fetch(`${running.endpoint}/_local/${path}`, init);
const post = (path: string, body: unknown, headers = {}) =>
  call(path, { method: 'POST', body: JSON.stringify(body), headers });

test('the clock moves on by what it is told', async () => {
  const before = running.cloud.clock.now();

  const response = await post('clock', { advanceMs: 600_000 });

  expect(response.status).toBe(200);
  expect(running.cloud.clock.now() - before).toBeGreaterThanOrEqual(600_000);
});

test.each([{ advanceMs: -1 }, { advanceMs: 'soon' }, {}, { advanceMs: 1, also: 2 }])(
  'the clock refuses %j',
  async (body) => {
    const response = await post('clock', body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ title: 'InvalidRequest', status: 400 });
  },
);

test('a page of another origin controls nothing', async () => {
  const before = running.cloud.clock.now();

  const response = await post('clock', { advanceMs: 600_000 }, { origin: 'https://evil.example' });

  expect(response.status).toBe(403);
  expect(running.cloud.clock.now() - before).toBeLessThan(600_000);
});

test('the trace shows what happened since', async () => {
  await running.cloud.s3.createBucket('photos');
  const since = running.cloud.clock.now();
  await fetch(`${running.endpoint}/photos`, {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'PUT' },
  });

  const { events } = JSON.parse(await (await call(`trace?since=${since}`)).text());
  const later = JSON.parse(await (await call(`trace?since=${since + 3_600_000}`)).text());

  expect(events).toMatchObject([{ service: 's3', action: 'Preflight', resource: 'arn:aws:s3:::photos' }]);
  expect(later.events).toEqual([]);
});

test('environments are listed by function, and only those of a function that is there can be killed', async () => {
  const listed = await call('environments');
  const refused = await post('environments/kill', { function: 'nobody' });

  expect(await listed.json()).toEqual({ functions: {} });
  expect(refused.status).toBe(404);
  expect(await refused.json()).toMatchObject({ title: 'ResourceNotFoundException' });
});

test('others add paths of their own, with named parts', async () => {
  running.cloud.admin.on('PUT', '/_local/cfn-response/{token}', ({ parameters, body }) => ({
    json: { token: parameters.token, body: body.toString() },
  }));

  const response = await call('cfn-response/a%2Fb', { method: 'PUT', body: 'SUCCESS' });

  expect(await response.json()).toEqual({ token: 'a/b', body: 'SUCCESS' });
});

test('a path that is not there is answered with those that are', async () => {
  const response = await call('helth');

  expect(response.status).toBe(404);
  expect(await response.text()).toContain('GET /_local/health');
});

test('two clouds do not work on one data directory; the lock of a killed one is taken over', async () => {
  await expect(startCloud({ port: 0, dataDir })).rejects.toThrow('another local cloud is running');
  await running.close();
  // No process has this id: it is above the largest that Linux gives out.
  await writeFile(join(dataDir, 'lock'), '4194999');

  running = await startCloud({ port: 0, dataDir });

  expect((await call('health')).status).toBe(200);
});

test('a second close does nothing', async () => {
  await running.close();

  await expect(running.close()).resolves.toBeUndefined();
});
