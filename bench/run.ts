/** `npm run bench [-- NAME ...]`: every speed and size that is promised, measured in one run and held against its bar. */
import { command } from '../bin/command.ts';
import { UserError } from '../local/errors.ts';
import { benchColdStart } from './cold-start.ts';
import { benchDepth } from './depth.ts';
import { benchDrain } from './drain.ts';
import { benchIdle } from './idle.ts';
import { benchImage } from './image.ts';
import { benchKinesis } from './kinesis.ts';
import { formatRows, type Row } from './measure.ts';
import { benchPipeline } from './pipeline.ts';
import { benchRest } from './rest.ts';
import { benchSqs } from './sqs.ts';
import { benchStart } from './start.ts';
import { withTempDir } from './with.ts';

const benches: ReadonlyMap<string, (dir: string) => Promise<Row[]>> = new Map([
  ['start', benchStart],
  ['cold-start', benchColdStart],
  ['rest', benchRest],
  ['pipeline', benchPipeline],
  ['image', benchImage],
  ['drain', benchDrain],
  ['sqs', benchSqs],
  ['kinesis', benchKinesis],
  ['depth', benchDepth],
  ['idle', benchIdle],
]);

/** A missed bar is a result like any other: only what could not be measured fails the run. */
const main = () =>
  withTempDir(async (dir) => {
    const asked = process.argv.slice(2);
    const rows: Row[] = [];
    for (const name of asked.length > 0 ? asked : benches.keys()) {
      const bench = benches.get(name);
      if (!bench) throw new UserError(`no bench is called ${name}: ${[...benches.keys()].join(', ')}`);
      const measured = await bench(dir);
      // What was measured is not lost when the run is ended early.
      console.error(`${formatRows(measured)}\n`);
      rows.push(...measured);
    }
    console.log(formatRows(rows));
    return 0;
  });

await command('npm run bench', main);
