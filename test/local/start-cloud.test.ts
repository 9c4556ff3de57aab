import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startCloud } from '../../local/start-cloud.ts';

test('a data directory named from here is the same one for processes that run elsewhere', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'relative-'));

  const { cloud, close } = await startCloud({ port: 0, dataDir: relative(process.cwd(), dataDir) });
  const known = cloud.dataDir;
  await close();
  await rm(dataDir, { recursive: true });

  expect(known).toBe(dataDir);
});

test('time that was skipped stays skipped when the cloud starts again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'skipped-'));
  const skip = async (endpoint: string, advanceMs: number) =>
    fetch(`${endpoint}/_local/clock`, { method: 'POST', body: JSON.stringify({ advanceMs }) });

  const first = await startCloud({ port: 0, dataDir });
  await skip(first.endpoint, 3_600_000);
  await skip(first.endpoint, 60_000);
  await first.close();
  const again = await startCloud({ port: 0, dataDir });
  const aheadMs = again.cloud.clock.now() - Date.now();
  await again.close();
  await rm(dataDir, { recursive: true });

  expect(aheadMs).toBeGreaterThanOrEqual(3_659_000);
});
