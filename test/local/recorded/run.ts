import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '../../../local/start-cloud.ts';
import { outOfScope } from './out-of-scope.ts';
import { readRecordings } from './recordings.ts';
import { meant, scripts } from './scripts.ts';
import { summary, table } from './table.ts';
import { judge, type Verdict } from './verdicts.ts';

/**
 * Replays the answers that were recorded from AWS against a local cloud of its own, and writes what came of each case
 * into docs/recorded-answers.md. Names as arguments replay only the cases that contain one of them, and write nothing.
 */
const main = async (directory: string, wanted: readonly string[]): Promise<void> => {
  const recordings = readRecordings(directory).filter(
    ({ group, name }) => wanted.length === 0 || wanted.some((part) => `${group} ${name}`.includes(part)),
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'recorded-'));
  const { cloud, close } = await startCloud({ port: 0, dataDir });
  const verdicts: Verdict[] = [];
  try {
    for (const recording of recordings)
      verdicts.push(await judge(cloud, recording, { scripts, outOfScope, meant }));
  } finally {
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  if (wanted.length === 0)
    writeFileSync(join(import.meta.dirname, '../../../docs/recorded-answers.md'), table(verdicts));
  else
    for (const { recording, verdict, reason } of verdicts)
      console.log(`${verdict.padEnd(12)} ${recording.group} ${recording.name} ${reason}`);
  console.log(summary(verdicts));
};

const directory = process.env.RECORDED_AWS;
if (directory === undefined || directory === '') {
  console.error('recorded: set RECORDED_AWS to the directory of the recorded answers');
  process.exitCode = 1;
} else await main(directory, process.argv.slice(2));
