/** `npm run lab`: what can be measured of the brokers that are there, and what is documented of the rest. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellsOf } from '../lab/cells/cells.ts';
import { measure } from '../lab/measure.ts';
import { plannedMs } from '../lab/planned.ts';
import type { Report } from '../lab/report/page.ts';
import { command } from './command.ts';
import { findBrokers } from './lab/brokers.ts';
import { interruption } from './lab/interruption.ts';
import { type Options, readOptions, USAGE } from './lab/options.ts';
import { recommendCommand } from './lab/recommend.ts';
import { prepareReport, versions } from './lab/report-file.ts';
import { tell } from './lab/tell.ts';

type Say = (line: string) => void;

const main = async (): Promise<number> => {
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'recommend') return recommendCommand(rest);
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  await prepareReport(options.report);
  const say: Say = options.json ? console.error : console.log;
  const { signal, exitCode } = interruption(say);
  const directory = await mkdtemp(join(tmpdir(), 'serverless-ipc-lab-'));
  // However it ends: a second Ctrl-C, or a reader of the output that goes away, leaves no time for more.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  const report = await measured(options, directory, say, signal);
  const written = await tell(report, options, { print: console.log, say });
  return signal.aborted ? exitCode() : written;
};

const measured = async (
  options: Options,
  directory: string,
  say: Say,
  signal: AbortSignal,
): Promise<Report> => {
  const { settings, target, scenarios: runs } = options;
  const startedAt = new Date().toISOString();
  const { present, candidates, stop } = await findBrokers(options, directory, say);
  try {
    const seconds = Math.ceil(plannedMs(present, runs, settings) / 1_000);
    say(
      `${present.length} brokers, ${runs.length} scenarios: planned ${seconds} s, on a machine that is quiet`,
    );
    const results = await measure({ brokers: present, runs, settings, signal, say });
    return {
      target,
      startedAt,
      versions: await versions(candidates),
      settings,
      candidates,
      cells: cellsOf(candidates, results),
      results,
      interrupted: signal.aborted,
    };
  } finally {
    await stop();
  }
};

await command('npm run lab', main);
