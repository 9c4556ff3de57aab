import { readOptions } from '../../../bin/lab/options.ts';
import { runNames } from '../../../lab/runs/run.ts';

test('without a flag every broker is asked everything on this machine', () => {
  expect(readOptions([])).toMatchObject({
    target: 'local',
    brokers: ['sqs', 'sqs-fifo', 'sns-sqs', 'kinesis', 'kafka'],
    scenarios: runNames,
    settings: { messages: 1_000, rate: 200, size: 100, format: 'json', seed: 1, mostConsumers: 8 },
    json: false,
  });
});

test('a quick look has fewer messages and leaves out what the table can do without', () => {
  const quick = readOptions(['--quick']);

  expect(quick?.settings).toMatchObject({ messages: 100, mostConsumers: 4 });
  expect(quick?.scenarios).toEqual(runNames.filter((name) => name !== 'sizes' && name !== 'formats'));
  expect(readOptions(['--quick', '--scenarios', 'sizes', '--messages', '50'])).toMatchObject({
    scenarios: ['sizes'],
    settings: { messages: 50 },
  });
});

test('a broker that is named twice is measured once', () => {
  expect(readOptions(['--brokers', 'sqs,kafka,sqs'])?.brokers).toEqual(['sqs', 'kafka']);
});

test.each([
  ['100B', 100],
  ['1KB', 1_024],
  ['64KB', 65_536],
])('--size %s is %i bytes', (size, bytes) => {
  expect(readOptions(['--size', size])?.settings.size).toBe(bytes);
});

test.each([
  [['--brokers', 'sqs,rabbitmq'], '--brokers rabbitmq: there are sqs, sqs-fifo, sns-sqs, kinesis, kafka'],
  [['--scenarios', 'meteor'], /^--scenarios meteor: there are clean, /],
  [['--rate', '0'], '--rate 0: a whole number from 1 to 100000'],
  [['--messages', '1e3'], '--messages 1e3: a whole number from 10 to 1000000'],
  [['--size', '1MB'], '--size 1MB: like 100B, 1KB or 64KB, up to 180KB'],
  [['--size', '200KB'], '--size 200KB: like 100B, 1KB or 64KB, up to 180KB'],
  [['--format', 'avro'], '--format avro: there are json, xml, protobuf'],
  [['--seed', '-1'], /argument/],
  [['--target', 'moon'], '--target moon: there are local, endpoint, aws'],
  [['--target', 'aws'], '--target aws needs --outputs FILE: npm run lab:deploy writes it'],
  [['--outputs', 'o.json'], '--outputs o.json: --target local starts a cloud of its own; endpoint or aws?'],
  [['--fast'], /^Unknown option '--fast'/],
])('%j is refused in one line', (args, line) => {
  expect(() => readOptions(args)).toThrow(line);
});
