/** `npm run lab`: what can be measured of the brokers that are there. */
import { parseArgs } from 'node:util';
import { kinesis } from '../lab/brokers/kinesis.ts';
import { snsSqs } from '../lab/brokers/sns-sqs.ts';
import { sqs, sqsFifo } from '../lab/brokers/sqs.ts';
import { runs } from '../lab/runs/index.ts';
import { startLocalTarget } from '../lab/targets/local.ts';
import { command } from './command.ts';
import { withScratchDirectory } from './scratch.ts';

const main = (): Promise<number> =>
  withScratchDirectory(async (directory) => {
    const { positionals } = parseArgs({ allowPositionals: true });
    const target = await startLocalTarget(directory);
    try {
      for (const broker of [sqs(target), sqsFifo(target), snsSqs(target), kinesis(target)]) {
        for (const [name, run] of Object.entries(runs)) {
          if (positionals.length > 0 && !positionals.includes(name)) continue;
          const results = await run({
            broker,
            settings: { messages: 300, rate: 200, size: 100, seed: 1 },
            ...(target.outage && { outage: target.outage }),
            signal: new AbortController().signal,
          });
          for (const { seen, ms, notMeasurable } of results)
            console.log(`${broker.name.padEnd(9)} ${name.padEnd(8)} ${String(ms).padStart(6)} ms  ${notMeasurable ?? seen}`);
        }
      }
    } finally {
      await target.stop();
    }
    return 0;
  });

await command('npm run lab', main);
