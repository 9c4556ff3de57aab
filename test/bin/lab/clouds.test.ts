import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCloud } from '../../../bin/lab/clouds.ts';
import { type Options, readOptions } from '../../../bin/lab/options.ts';
import { UserError } from '../../../local/errors.ts';

const say = (): void => undefined;
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lab-clouds-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const outputsAt = async (origin: string): Promise<string> => {
  const file = join(directory, 'outputs.json');
  const Lab = {
    LabQueueUrl: `${origin}/000000000000/q`,
    LabOrderedQueueUrl: `${origin}/000000000000/q.fifo`,
    LabTopicArn: 'arn:aws:sns:us-east-1:000000000000:t',
    LabCopyQueueUrls: `${origin}/000000000000/a ${origin}/000000000000/b`,
    LabStreamName: 's',
  };
  await writeFile(file, JSON.stringify({ Lab }));
  return file;
};
const optionsFor = (target: string, outputs: string): Options => {
  const options = readOptions(['--target', target, '--outputs', outputs]);
  if (!options) throw new Error('only help was asked for');
  return options;
};

test.each([
  ['aws', 'http://127.0.0.1:1', 'are on 127.0.0.1'],
  ['endpoint', 'https://sqs.us-east-1.amazonaws.com', 'are on sqs.us-east-1.amazonaws.com'],
])(
  '--target %s with queues at %s is refused: it would be measured and named wrongly',
  async (target, origin, why) => {
    const outputs = await outputsAt(origin);

    await expect(findCloud(optionsFor(target, outputs), directory, say)).rejects.toThrow(why);
  },
);

test('an endpoint that does not answer is one line, before anything is measured', async () => {
  const options = optionsFor('endpoint', await outputsAt('http://127.0.0.1:1'));

  await expect(findCloud(options, directory, say)).rejects.toThrow(
    /^the lab's stack on .* does not answer: /,
  );
});

test('a file without the outputs of the lab is refused with the one that is missing', async () => {
  const outputs = join(directory, 'other.json');
  await writeFile(outputs, JSON.stringify({ Storage: { JobsTable: 'jobs' } }));

  await expect(findCloud(optionsFor('endpoint', outputs), directory, say)).rejects.toThrow(
    'No output LabQueueUrl',
  );
});

test.each([
  [{ region: 'us-east-1' }, 'not an outputs file of cdk deploy: {stack: {output: value}}'],
  [
    {
      Lab: {
        LabQueueUrl: 'q',
        LabOrderedQueueUrl: 'q',
        LabTopicArn: 't',
        LabCopyQueueUrls: 'a b',
        LabStreamName: 's',
      },
    },
    'LabQueueUrl q is no URL',
  ],
])('a file with %j is refused in one line', async (content, why) => {
  const outputs = join(directory, 'wrong.json');
  await writeFile(outputs, JSON.stringify(content));

  await expect(findCloud(optionsFor('aws', outputs), directory, say)).rejects.toThrow(
    new UserError(`--outputs ${outputs}: ${why}`),
  );
});
