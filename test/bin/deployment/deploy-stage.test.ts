import { jest } from '@jest/globals';
import { deployStage } from '../../../bin/deployment/deploy-stage.ts';
import { readOptions } from '../../../bin/deployment/options.ts';
import type { Toolkit } from '../../../bin/deployment/toolkit.ts';
import { UserError } from '../../../local/errors.ts';

const account = { id: '123456789012', region: 'us-east-1', endpoint: undefined };

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Writes down what it was told, and fails at one command. */
const toolkit = (failing?: string) => {
  const told: (readonly string[])[] = [];
  const run: Toolkit = async (args, after) => {
    told.push(args);
    if (args[0] === failing) throw new UserError(`cdk ${failing} failed. ${after}`);
  };
  return { told, run };
};

const deploy = (run: Toolkit, ...args: string[]) => deployStage(readOptions(args), account, '/assembly', run);

test('the templates that were shown are those that are deployed', async () => {
  const { told, run } = toolkit();

  await deploy(run, '-c', 'stage=prod', '--yes');

  expect(told.map(([command]) => command)).toEqual(['synth', 'diff', 'deploy']);
  expect(told[0]).toEqual(['synth', '--quiet', '--output', '/assembly', '--context', 'stage=prod']);
  for (const args of told.slice(1)) expect(args.join(' ')).toContain('--app /assembly');
});

test('nothing is deployed unless somebody says yes', async () => {
  const { told, run } = toolkit();
  process.stdin.isTTY = false;

  await expect(deploy(run)).rejects.toThrow('nobody is there to be asked: say --yes');

  expect(told.map(([command]) => command)).toEqual(['synth', 'diff']);
});

test.each([
  ['synth', 'cdk synth failed. Nothing was deployed'],
  ['diff', 'cdk diff failed. Nothing was deployed'],
  [
    'deploy',
    'cdk deploy failed. CloudFormation ends what it was at, or takes that stack back to where it was; the stacks before it stay. Look at npx cdk drift -c stage=dev if somebody changed resources by hand, then run npm run deploy again',
  ],
])('when cdk %s fails it is said what holds then, and what to do', async (command, message) => {
  const { told, run } = toolkit(command);

  await expect(deploy(run, '--yes')).rejects.toThrow(new UserError(message));

  expect(told.at(-1)?.[0]).toBe(command);
});

test('stacks whose template has not changed are updated only by --force', async () => {
  const { told, run } = toolkit();

  await deploy(run, '--yes');
  await deploy(run, '--yes', '--force');

  expect(told.filter((args) => args.includes('--force'))).toEqual([told.at(-1)]);
});
