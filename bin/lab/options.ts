import { parseArgs } from 'node:util';
import { type BrokerName, brokerNames } from '../../lab/broker.ts';
import { formatNames } from '../../lab/formats/format.ts';
import { type RunName, runNames, type Settings } from '../../lab/runs/run.ts';
import { UserError } from '../../local/errors.ts';

export const USAGE = `npm run lab -- [flags]
npm run lab -- recommend [flags]  which broker for which needs (recommend --help)
  --target local|endpoint|aws   where (local: a private cloud, and Kafka when a broker can be had)
  --outputs FILE                of the deployed lab stack, for endpoint and aws (npm run lab:deploy writes it)
  --brokers A,B                 ${brokerNames.join(', ')}
  --scenarios A,B               ${runNames.join(', ')}
  --messages N                  in each run (1000)
  --rate N                      messages a second (200)
  --size 100B|1KB|64KB          of a message's padding, up to 180KB (100B)
  --format json|xml|protobuf    of the messages (json)
  --seed N                      the same seed sends the same messages (1)
  --quick                       100 messages in each run, up to 4 consumers, without sizes and formats: under two minutes
  --misuse                      the brokers used wrongly on purpose, to see what the lab says then
  --report DIR                  where the page goes (lab-report)
  --json                        one JSON object on stdout`;

export interface Options {
  readonly target: 'local' | 'endpoint' | 'aws';
  readonly outputs?: string;
  readonly brokers: readonly BrokerName[];
  readonly scenarios: readonly RunName[];
  readonly settings: Settings;
  readonly misuse: boolean;
  readonly report: string;
  readonly json: boolean;
}

const MOST_BYTES = 180 * 1_024;
const TARGETS = ['local', 'endpoint', 'aws'] as const;
const QUICK_MESSAGES = '100';
const MOST_CONSUMERS = 8;
const QUICK_CONSUMERS = 4;
/** What the table can do without. */
const NOT_QUICK: readonly RunName[] = ['sizes', 'formats'];

/** @throws {UserError} of one line that names the option; @returns undefined when only help was asked for */
export const readOptions = (args: readonly string[]): Options | undefined => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      target: { type: 'string', default: 'local' },
      outputs: { type: 'string' },
      brokers: { type: 'string', default: brokerNames.join(',') },
      scenarios: { type: 'string' },
      messages: { type: 'string' },
      rate: { type: 'string', default: '200' },
      size: { type: 'string', default: '100B' },
      format: { type: 'string', default: 'json' },
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      misuse: { type: 'boolean', default: false },
      report: { type: 'string', default: 'lab-report' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const target = oneOf('--target', TARGETS, values.target);
  if (target !== 'local' && values.outputs === undefined)
    throw new UserError(`--target ${target} needs --outputs FILE: npm run lab:deploy writes it`);
  if (target === 'local' && values.outputs !== undefined)
    throw new UserError(
      `--outputs ${values.outputs}: --target local starts a cloud of its own; endpoint or aws?`,
    );
  return {
    target,
    ...(values.outputs !== undefined && { outputs: values.outputs }),
    // Named twice it would be measured twice, and both counted as one.
    brokers: [...new Set(values.brokers.split(',').map((name) => oneOf('--brokers', brokerNames, name)))],
    scenarios: scenariosOf(values.scenarios, values.quick),
    settings: {
      messages: wholeNumber(
        '--messages',
        values.messages ?? (values.quick ? QUICK_MESSAGES : '1000'),
        10,
        1_000_000,
      ),
      rate: wholeNumber('--rate', values.rate, 1, 100_000),
      size: bytes(values.size),
      format: oneOf('--format', formatNames, values.format),
      seed: wholeNumber('--seed', values.seed, 0, 4_294_967_295),
      mostConsumers: values.quick ? QUICK_CONSUMERS : MOST_CONSUMERS,
    },
    misuse: values.misuse,
    report: values.report,
    json: values.json,
  };
};

const scenariosOf = (given: string | undefined, quick: boolean): readonly RunName[] =>
  given?.split(',').map((name) => oneOf('--scenarios', runNames, name)) ??
  runNames.filter((name) => !quick || !NOT_QUICK.includes(name));

const oneOf = <T extends string>(option: string, allowed: readonly T[], value: string): T => {
  const found = allowed.find((one) => one === value.trim());
  if (found === undefined) throw new UserError(`${option} ${value}: there are ${allowed.join(', ')}`);
  return found;
};

const wholeNumber = (option: string, value: string, least: number, most: number): number => {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new UserError(`${option} ${value}: a whole number from ${least} to ${most}`);
  return number;
};

const bytes = (value: string): number => {
  const [, number, unit] = /^(\d+)(B|KB)$/.exec(value) ?? [];
  const size = Number(number) * (unit === 'KB' ? 1_024 : 1);
  if (!(size <= MOST_BYTES)) throw new UserError(`--size ${value}: like 100B, 1KB or 64KB, up to 180KB`);
  return size;
};
