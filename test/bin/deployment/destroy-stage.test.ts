import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { destroyStage } from '../../../bin/deployment/destroy-stage.ts';
import { readOptions } from '../../../bin/deployment/options.ts';
import type { Toolkit } from '../../../bin/deployment/toolkit.ts';
import { UserError } from '../../../local/errors.ts';
import { type StubAccount, startStubAccount } from './stub-account.ts';

const account = { id: '123456789012', region: 'us-east-1', endpoint: undefined };

let aws: StubAccount;
let assembly: string;
let said: string;

beforeEach(async () => {
  said = '';
  jest.spyOn(console, 'log').mockImplementation((line: string) => {
    said += `${line}\n`;
  });
  aws = await startStubAccount();
  assembly = await mkdtemp(join(tmpdir(), 'destroy-stage-'));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await aws.close();
  await rm(assembly, { recursive: true });
});

/** Makes an assembly of two stacks, and writes down what it was told, and what lay in the buckets then. */
const toolkit = (stage: string) => {
  const told: { command: string | undefined; objects: number }[] = [];
  const run: Toolkit = async ([command]) => {
    told.push({ command, objects: [...aws.buckets.values()].flat().length });
    if (command !== 'synth') return;
    const artifacts = Object.fromEntries(
      ['Storage', 'Kafka'].map((name) => [
        name,
        { type: 'aws:cloudformation:stack', properties: { stackName: `${name}-${stage}` } },
      ]),
    );
    await writeFile(join(assembly, 'manifest.json'), JSON.stringify({ artifacts }));
    const DeletionPolicy = stage === 'prod' ? 'Retain' : 'Delete';
    const Resources = { jobsId: { DeletionPolicy }, uploadsId: { DeletionPolicy }, queueId: {} };
    await writeFile(join(assembly, 'Storage.template.json'), JSON.stringify({ Resources }));
    await writeFile(join(assembly, 'Kafka.template.json'), '{"Resources":{}}');
  };
  return { told, run };
};

const withData = (stage: string): void => {
  aws.stacks.set(`Storage-${stage}`, [
    ['AWS::DynamoDB::Table', 'CREATE_COMPLETE', 'jobs'],
    ['AWS::S3::Bucket', 'CREATE_COMPLETE', 'uploads'],
    ['AWS::S3::Bucket', 'DELETE_COMPLETE', 'gone-long-ago'],
    ['AWS::S3::Bucket', 'UPDATE_COMPLETE', 'results'],
  ]);
  aws.buckets.set('uploads', [
    ['a', '1'],
    ['a', '2'],
    ['a', 'marker-3'],
    ['b', '1'],
    ['c', '1'],
  ]);
  aws.buckets.set('results', [['r', '1']]);
};

const destroy = (stage: string, run: Toolkit, ...more: string[]) =>
  destroyStage(readOptions(['-c', `stage=${stage}`, ...more]), account, assembly, run);

test('the buckets of a stage for development are empty, in all versions, before its stacks go', async () => {
  withData('dev');
  const { told, run } = toolkit('dev');

  await destroy('dev', run, '--yes');

  expect(told).toEqual([
    { command: 'synth', objects: 6 },
    { command: 'destroy', objects: 0 },
  ]);
});

test('prod is never emptied: nobody even asks what is in its buckets', async () => {
  withData('prod');
  const { told, run } = toolkit('prod');

  await destroy('prod', run, '--yes');

  expect(told.at(-1)).toEqual({ command: 'destroy', objects: 6 });
  expect(aws.requests.filter((request) => /uploads|results/.test(request))).toEqual([]);
});

test('what is kept is named as the account shows it, of what is there now', async () => {
  withData('prod');
  const { run } = toolkit('prod');

  await destroy('prod', run, '--yes');

  expect(said).toBe(
    'Kept, to be deleted by hand:\n  AWS::DynamoDB::Table jobs (Storage-prod)\n  AWS::S3::Bucket uploads (Storage-prod)\n',
  );
});

test('what is kept is told also when the toolkit gives up half-way: nobody can tell later', async () => {
  withData('prod');
  const { run } = toolkit('prod');
  const givesUp: Toolkit = async (args, after) => {
    await run(args, after);
    if (args[0] === 'destroy') throw new UserError(`cdk destroy failed. ${after}`);
  };

  const ended = destroy('prod', givesUp, '--yes');

  await expect(ended).rejects.toThrow(
    'cdk destroy failed. Some stacks may be left: run npm run destroy again',
  );
  expect(said).toContain('AWS::S3::Bucket uploads (Storage-prod)');
});

test.each(['dev', 'prod'])(
  'a protected stack of %s stops everything, with the command that allows it',
  async (stage) => {
    withData(stage);
    aws.protected.add(`Storage-${stage}`);
    const { told, run } = toolkit(stage);

    const ended = destroy(stage, run, '--yes');

    await expect(ended).rejects.toThrow(UserError);
    await expect(ended).rejects.toThrow(
      `protected from deletion, so nothing was deleted. If all of them are to go: for stack in Storage-${stage}; do aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name $stack; done`,
    );
    expect(told).toEqual([{ command: 'synth', objects: 6 }]);
  },
);

test('all that there can be of a stage goes, however it was deployed', async () => {
  const synthesized: (readonly string[])[] = [];
  const { run } = toolkit('dev');
  const noting: Toolkit = (args, after) => {
    if (args[0] === 'synth') synthesized.push(args.slice(-6));
    return run(args, after);
  };

  await destroy('dev', noting, '--yes');

  expect(synthesized).toEqual([
    ['--context', 'stage=dev', '--context', 'kafka=true', '--context', 'stream=both'],
  ]);
});

test('nothing is touched unless somebody says yes', async () => {
  withData('dev');
  const { told, run } = toolkit('dev');
  process.stdin.isTTY = false;

  await expect(destroy('dev', run)).rejects.toThrow('nobody is there to be asked: say --yes');

  expect(told).toEqual([{ command: 'synth', objects: 6 }]);
});

test('a stack that is not there, and a bucket that was deleted already, have nothing to be emptied', async () => {
  withData('dev');
  const { run } = toolkit('dev');

  await destroy('dev', run, '--yes');

  expect(aws.requests).toContain('ListStackResources Kafka-dev');
  expect(aws.requests.filter((request) => request.includes('gone-long-ago'))).toEqual([]);
});

test('an object that may not be deleted is named in one line, and no stack goes', async () => {
  withData('dev');
  aws.locked.add('b');
  const { told, run } = toolkit('dev');

  const ended = destroy('dev', run, '--yes');

  await expect(ended).rejects.toThrow(new UserError('uploads: b cannot be deleted: locked'));
  expect(told.map(({ command }) => command)).toEqual(['synth']);
});
