/** `npm run bench`: every speed that is promised, measured in one run and held against its bar. */
import { command } from '../bin/command.ts';
import { benchDrain } from './drain.ts';
import { benchImage } from './image.ts';
import { formatRows, type Row } from './measure.ts';
import { benchPipeline } from './pipeline.ts';
import { benchRest } from './rest.ts';
import { benchStart } from './start.ts';
import { withTempDir } from './with.ts';

/** A missed bar is a result like any other: only what could not be measured fails the run. */
const main = () =>
  withTempDir(async (dir) => {
    const rows: Row[] = [];
    for (const bench of [benchStart, benchRest, benchPipeline, benchImage, benchDrain]) {
      rows.push(...(await bench(dir)));
    }
    console.log(formatRows(rows));
    return 0;
  });

await command('npm run bench', main);
