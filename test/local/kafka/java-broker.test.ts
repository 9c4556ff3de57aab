import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataDir } from '../../../local/data-lock.ts';
import { JavaBroker } from '../../../local/kafka/java-broker.ts';

test('no second broker is started on a log, and nothing of the first one is touched', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'java-broker-'));
  const unlock = lockDataDir(directory);

  const second = JavaBroker.start('no-jars', directory, () => undefined);

  await expect(second).rejects.toThrow('another local cloud is running');
  expect(await readdir(directory)).toEqual(['lock']);
  unlock();
  await rm(directory, { recursive: true });
});
