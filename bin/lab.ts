/** `npm run lab`: what can be measured of the brokers that are there, and what is documented of the rest. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellsOf } from '../lab/cells/cells.ts';
import { formatTable } from '../lab/cells/table.ts';
import { measure } from '../lab/measure.ts';
import { command, interrupted } from './command.ts';
import { findBrokers } from './lab/brokers.ts';
import { type Options, readOptions, USAGE } from './lab/options.ts';

/** The same as after Ctrl-C in any other program. */
const INTERRUPTED = 130;

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  const stopping = new AbortController();
  const say = (line: string): void => (options.json ? console.error(line) : console.log(line));
  void interrupted().then(() => {
    say('interrupted: what is done so far is reported. Once more ends it at once.');
    stopping.abort();
  });
  const directory = await mkdtemp(join(tmpdir(), 'serverless-ipc-lab-'));
  try {
    await run(options, directory, say, stopping.signal);
    return stopping.signal.aborted ? INTERRUPTED : 0;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const run = async (
  options: Options,
  directory: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const { settings, target, scenarios: runs } = options;
  const brokers = await findBrokers(options, directory, say);
  try {
    const results = await measure({ brokers: brokers.present, runs, settings, signal, say });
    const cells = cellsOf(brokers.candidates, results);
    if (options.json) console.log(JSON.stringify({ target, seed: settings.seed, cells, runs: results }));
    else console.log(`\n${formatTable(brokers.candidates, cells)}`);
  } finally {
    await brokers.stop();
  }
};

await command('npm run lab', main);
process.exit();
