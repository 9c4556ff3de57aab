import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, freePort, killClouds, startCloud, stop } from '../support/cloud-process.ts';
import { jpeg } from '../support/images.ts';
import { jobsEnded } from '../support/jobs-ended.ts';

const JOBS = 200;

afterEach(killClouds);

test('the whole cloud SIGKILLed with 200 jobs in flight: started again, all end, none lost, none doubled', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'serverless-ipc-crash-'));
  const port = await freePort();
  const image = await jpeg(64, 48);
  const operations = [{ op: 'resize', width: 32 }];
  let cloud = await startCloud(dataDir, port);
  const before = await connect(dataDir, port);

  const accepted = await Promise.all(
    Array.from({ length: JOBS }, () =>
      before.jobs.request({ contentType: 'image/jpeg', contentLength: image.byteLength, operations }),
    ),
  );
  await Promise.all(accepted.map((job) => before.jobs.upload(job, image, 'image/jpeg')));
  await stop(cloud, 'SIGKILL');
  cloud = await startCloud(dataDir, port);
  const after = await connect(dataDir, port);
  const ended = await jobsEnded(
    after,
    accepted.map(({ id }) => id),
  );
  await stop(cloud, 'SIGINT');
  before.close();
  after.close();
  await rm(dataDir, { recursive: true, force: true });

  const states = Map.groupBy(ended, ({ status }) => status);
  expect(ended).toHaveLength(JOBS);
  expect([...states.keys()]).toEqual(['succeeded']);
  for (const { history } of ended)
    expect(history.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
}, 180_000);
