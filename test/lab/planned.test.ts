import { readOptions } from '../../bin/lab/options.ts';
import { type Broker, type BrokerName, brokerNames } from '../../lab/broker.ts';
import { plannedMs } from '../../lab/planned.ts';
import { stubBroker } from './support/stub-broker.ts';

const brokerOf = (name: BrokerName): Broker => ({
  ...stubBroker(),
  name,
  fanOut: name !== 'sqs' && name !== 'sqs-fifo',
});
const all = brokerNames.map(brokerOf);
const optionsOf = (...args: string[]) => {
  const options = readOptions(args);
  if (!options) throw new Error('only help was asked for');
  return options;
};

test('a quick look at all five brokers is planned for a minute and a half: half a minute is left to be slower in', () => {
  const { scenarios, settings } = optionsOf('--quick');

  expect(plannedMs(all, scenarios, settings)).toBeLessThanOrEqual(90_000);
});

test('everything about all five brokers is planned for less than ten minutes', () => {
  const { scenarios, settings } = optionsOf();

  expect(plannedMs(all, scenarios, settings)).toBeLessThan(600_000);
});

test('a load counts for as long as it goes on, and an outage where the broker is ours', () => {
  const { settings } = optionsOf('--messages', '1000', '--rate', '100');
  const { outage, ...notOurs } = brokerOf('kafka');

  expect(plannedMs(all, ['away'], settings)).toBeGreaterThan(50_000);
  expect(outage).toBeDefined();
  expect(plannedMs([notOurs], ['outage'], settings)).toBe(0);
});
