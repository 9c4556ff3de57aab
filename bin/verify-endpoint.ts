/** `npm run verify:endpoint`: a second opinion. Deploys every stack to an emulator that others wrote, and plays the scenarios there. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { UserError } from '../local/errors.ts';
import { App } from '../scenarios/app/app.ts';
import { OutputsFile } from '../scenarios/app/outputs.ts';
import { scenarios } from '../scenarios/index.ts';
import { type Played, play, type Scenario } from '../scenarios/scenario.ts';
import { knownGaps, slowScenarios, typeGaps } from '../verify/known-gaps.ts';
import { command } from './command.ts';
import { withScratchDirectory } from './scratch.ts';
import { EndpointCdk } from './verify/cdk.ts';
import { judge, type Verdict } from './verify/judge.ts';
import { knowsType, leaveOut } from './verify/leave-out.ts';
import { startMiniStack } from './verify/ministack.ts';
import { pythonTools } from './verify/python-tools.ts';

const USAGE = `npm run verify:endpoint [-- SCENARIO...]
  installs MiniStack into .cache, deploys all stacks to it, plays the scenarios, and takes it down
  AWS_ENDPOINT_URL=URL   uses that endpoint instead: LocalStack, or another one that is running`;

/** An endpoint cannot skip time: what wants to wait for longer is not played to its end. */
const longestWaitMs = 30_000;
const longestPlayMs = 150_000;
/** What is known not to pass need not be waited for so long. */
const longestGapMs = 45_000;

const REQUIREMENTS = resolve(import.meta.dirname, '../verify/requirements.txt');

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  return withScratchDirectory(async (directory) => {
    const given = process.env.AWS_ENDPOINT_URL;
    if (given !== undefined) {
      await reachable(given);
      return verify(given, directory, positionals, false);
    }
    const emulator = await startMiniStack(await pythonTools(REQUIREMENTS), directory);
    console.log(`MiniStack at ${emulator.endpoint}`);
    try {
      return await verify(emulator.endpoint, directory, positionals, true);
    } finally {
      await emulator.stop();
    }
  });
};

const reachable = async (endpoint: string): Promise<void> => {
  await fetch(endpoint).catch(() => {
    throw new UserError(`nothing answers at AWS_ENDPOINT_URL=${endpoint}: start it, or unset the variable`);
  });
};

/** @param ours whether the list of gaps is about this endpoint; it is MiniStack's */
const verify = async (
  endpoint: string,
  directory: string,
  names: readonly string[],
  ours: boolean,
): Promise<number> => {
  const cdk = new EndpointCdk(endpoint);
  const assembly = join(directory, 'cdk.out');
  const outputsFile = join(directory, 'outputs.json');
  await timed('bootstrap', () => cdk.run('bootstrap', 'aws://000000000000/us-east-1'));
  await timed('synth', () => cdk.run('synth', '--quiet', '--output', assembly));
  const asKnown = ours ? await leaveOutUnknown(endpoint, assembly) : true;
  try {
    await timed('deploy', () =>
      cdk.run(
        'deploy',
        '--all',
        '--app',
        assembly,
        '--require-approval',
        'never',
        '--outputs-file',
        outputsFile,
      ),
    );
    const outputs = OutputsFile.parse(JSON.parse(await readFile(outputsFile, 'utf8')));
    const verdicts = await playAll({ name: 'endpoint', outputs, endpoint, longestWaitMs }, names, ours);
    return asKnown && verdicts.every(({ expected }) => expected) ? 0 : 1;
  } finally {
    await timed('destroy', () => cdk.run('destroy', '--all', '--app', assembly, '--force'));
  }
};

/** Leaves out what the emulator does not know. @returns whether it really does not, and the app has it */
const leaveOutUnknown = async (endpoint: string, assembly: string): Promise<boolean> => {
  let asKnown = true;
  const counts = await leaveOut(
    assembly,
    typeGaps.map(({ type }) => type),
  );
  for (const { type, consequence } of typeGaps) {
    const known = await knowsType(endpoint, type);
    const count = counts.get(type) ?? 0;
    const expected = !known && count > 0;
    const words = known ? 'known by now: take it off the list' : `${count} left out: ${consequence}`;
    console.log(`${expected ? ' ' : '!'} ${type}: ${words}`);
    asKnown &&= expected;
  }
  return asKnown;
};

/** A scenario that hangs is one that failed. */
const playInTime = async (one: Scenario, app: App, limitMs: number): Promise<Played> => {
  const over = new AbortController();
  const tooLate = pause(limitMs, undefined, { signal: over.signal }).then(
    (): Played => ({
      name: one.name,
      pattern: one.pattern,
      passed: false,
      checks: [{ name: 'runs to its end', passed: false, evidence: `not after ${limitMs / 1_000} seconds` }],
      hops: [],
      ms: limitMs,
    }),
  );
  const played = await Promise.race([play(one, app), tooLate]);
  over.abort();
  tooLate.catch(() => undefined);
  return played;
};

const playAll = async (
  target: App['target'],
  names: readonly string[],
  ours: boolean,
): Promise<readonly Verdict[]> => {
  const gaps = ours ? knownGaps : [];
  const slow = ours ? slowScenarios : [];
  const verdicts: Verdict[] = [];
  for (const one of scenarios.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const app = new App(target);
    const limitMs = gaps.some((gap) => gap.scenarios.includes(one.name)) ? longestGapMs : longestPlayMs;
    const verdict = judge(await playInTime(one, app, limitMs), gaps, slow);
    app.close();
    console.log(`${verdict.expected ? ' ' : '!'} ${one.name.padEnd(24)} ${verdict.words}`);
    verdicts.push(verdict);
  }
  for (const { reason, reproduce } of names.length === 0 ? gaps : []) {
    const app = new App(target);
    const seen = await reproduce(app);
    app.close();
    console.log(
      `${seen === undefined ? '!' : ' '} gap: ${reason}\n    ${seen ?? 'not seen any more: take it off the list'}`,
    );
    verdicts.push({
      scenario: reason,
      passed: seen === undefined,
      expected: seen !== undefined,
      words: seen ?? '',
    });
  }
  const played = verdicts.filter(({ scenario }) => scenarios.some(({ name }) => name === scenario));
  const passed = played.filter((one) => one.passed).length;
  const unexpected = verdicts.filter(({ expected }) => !expected).length;
  console.log(`${passed} of ${played.length} scenarios pass, ${unexpected} surprises`);
  return verdicts;
};

const timed = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  const done = await run();
  console.log(`  ${what.padEnd(10)} ${Math.round(performance.now() - startedAt)} ms`);
  return done;
};

await command('npm run verify:endpoint', main);
