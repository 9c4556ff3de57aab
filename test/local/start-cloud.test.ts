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
