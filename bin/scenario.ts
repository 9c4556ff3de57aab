/** `npm run scenario -- NAME`: one pattern, asserted, on the local cloud or on a deployed app. */
import { UserError } from '../local/errors.ts';
import { readFaultPlan } from '../local/faults/plan.ts';
import { App } from '../scenarios/app/app.ts';
import { LocalControls, type Target, type UnusedGrant } from '../scenarios/app/target.ts';
import { scenarios } from '../scenarios/index.ts';
import { type Played, play } from '../scenarios/scenario.ts';
import { boot } from './boot.ts';
import { command } from './command.ts';
import { assertAnswers, endpointOf } from './endpoint.ts';
import { readOutputs } from './outputs-file.ts';
import { chosen, readOptions, USAGE } from './scenario/options.ts';
import { withScratchDirectory } from './scratch.ts';

/** Gives `use` an app on the target, and takes the private cloud down afterwards. */
const withTarget = async <T>(
  { target: name, outputs: outputsFile, faults: faultsFile }: ReturnType<typeof readOptions>,
  say: (line: string) => void,
  use: (target: Target) => Promise<T>,
): Promise<T> => {
  if (faultsFile !== undefined && name !== 'local')
    throw new UserError('--faults is for the local cloud: it goes with --target local only');
  if (name === 'endpoint' || name === 'aws') {
    if (outputsFile === undefined)
      throw new UserError(`--target ${name} needs --outputs FILE, written by cdk deploy --outputs-file FILE`);
    const outputs = await readOutputs(outputsFile);
    if (name === 'aws') return use({ name, outputs });
    const endpoint = endpointOf(outputs);
    await assertAnswers(endpoint);
    return use({ name, outputs, endpoint });
  }
  if (name !== 'local') throw new UserError(`--target ${name}: a target is local, endpoint or aws`);
  const faults = faultsFile === undefined ? {} : { faults: readFaultPlan(faultsFile) };
  return withScratchDirectory(async (dataDir) => {
    const { running, outputs, endpoint } = await boot({ port: 0, dataDir, ...faults });
    try {
      return await use({ name, outputs, endpoint });
    } finally {
      for (const [fault, count] of Object.entries(running.cloud.faults?.counts() ?? {}))
        say(`  ${count} x ${fault}`);
      await running.close();
    }
  });
};

const unusedGrants = async ({ endpoint }: Target): Promise<readonly UnusedGrant[]> =>
  endpoint === undefined ? [] : new LocalControls(endpoint).unusedGrants();

const sayGrants = (unused: readonly UnusedGrant[], say: (line: string) => void): void => {
  say(`\n${unused.length} granted actions that nothing used`);
  for (const { roleArn, action, resources } of unused)
    say(`  ${roleArn.split('/').at(-1)}  ${action}  ${resources.join(', ')}`);
};

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  if (options.list) {
    for (const { name, pattern, proves } of scenarios)
      console.log(`${name.padEnd(24)} ${pattern.padEnd(30)} ${proves}`);
    return 0;
  }
  const wanted = chosen(options);
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  if (options.grants && options.target !== 'local')
    throw new UserError('--grants asks the local cloud: it goes with --target local only');
  const { played, unused } = await withTarget(options, say, async (target) => {
    const results: Played[] = [];
    for (const one of wanted) {
      say(`\n${one.name}: ${one.proves}`);
      const app = new App(target);
      const result = await play(one, app, say);
      app.close();
      say(`  ${result.passed ? 'passed' : 'FAILED'} in ${result.ms} ms`);
      results.push(result);
    }
    return { played: results, unused: options.grants ? await unusedGrants(target) : [] };
  });
  if (options.grants) sayGrants(unused, say);
  if (options.json) {
    const shown = played.map(({ hops: _, ...rest }) => rest);
    console.log(JSON.stringify({ scenarios: shown, ...(options.grants && { unusedGrants: unused }) }));
  }
  return played.every(({ passed }) => passed) ? 0 : 1;
};

await command('npm run scenario', main);
