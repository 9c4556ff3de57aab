import type { Broker, BrokerName } from '../../lab/broker.ts';
import { misused } from '../../lab/brokers/misused.ts';
import { sqsFifo } from '../../lab/brokers/sqs.ts';
import type { Cell } from '../../lab/cells/cell.ts';
import { cellsOf } from '../../lab/cells/cells.ts';
import { measure } from '../../lab/measure.ts';
import type { RunName, RunResult } from '../../lab/runs/run.ts';
import { Session } from '../../lab/runs/session.ts';
import { contextOf, settings } from './support/context.ts';
import { startLabCloud } from './support/lab-cloud.ts';
import { stubBroker } from './support/stub-broker.ts';

let cloud: Awaited<ReturnType<typeof startLabCloud>>;
beforeAll(async () => {
  cloud = await startLabCloud();
});
afterAll(() => cloud.close());

/** What the table says of a broker after these runs. */
const tableOf = async (broker: Broker, runs: readonly RunName[]): Promise<(criterion: string) => Cell> => {
  const load = { ...settings, messages: 200, rate: 400 };
  const signal = new AbortController().signal;
  const results = await measure({ brokers: [broker], runs, settings: load, signal, say: () => undefined });
  expect(results.flatMap(({ notMeasurable = [] }) => notMeasurable)).toEqual([]);
  return tableFor(broker, results);
};
const tableFor = (broker: Broker, results: readonly RunResult[]): ((criterion: string) => Cell) => {
  const { name, version, misuse } = broker;
  const candidate = { name, version, emulated: true, ...(misuse !== undefined && { misuse }) };
  return (criterion) => {
    const cell = cellsOf([candidate], results).find((one) => one.criterion === criterion);
    if (!cell) throw new Error(`no cell ${criterion}`);
    return cell;
  };
};
const misusedOf = (name: BrokerName): Broker => {
  const broker = misused(name, cloud.target, undefined);
  if (!broker) throw new Error(`no misuse of ${name}`);
  return broker;
};

/** A consumer dies on the first messages of a backlog while another one, which was ready, works on the rest. */
const diedOnTheFirst = (broker: Broker): Promise<RunResult> =>
  Session.with(contextOf(broker), ['a'], async (session) => {
    await session.send();
    const heir = await session.consume({ waits: true });
    const victim = await session.consume({ holdFrom: 1 });
    await session.waitFor(() => session.receivedBy().length > 0);
    heir.begin();
    await session.waitFor(() => session.receivedBy().length > 20);
    await victim.kill();
    await session.drained('a', 10_000);
    return session.result('crash', 'as was seen');
  });

test('a FIFO queue whose messages name no group, or each its own: refused, and reordered', async () => {
  const broker = misusedOf('sqs-fifo');

  const table = tableFor(broker, [await diedOnTheFirst(broker)]);

  expect(table('delivery').value).toMatch(/100 sends refused: MissingParameter/);
  expect(table('ordering')).toMatchObject({
    verdict: 'observed',
    value: expect.stringMatching(/^reordered: \d+ of 100 messages came after a later one of their key/),
    evidence: expect.stringMatching(/^used wrongly on purpose: one producer names no group, the other/),
  });
}, 120_000);

test('a FIFO queue whose groups are the keys: nothing overtakes what a consumer died on', async () => {
  const broker = sqsFifo(cloud.target);

  const table = tableFor(broker, [await diedOnTheFirst(broker)]);

  expect(table('ordering').value).toMatch(/^no reordering within a key observed in 200 messages/);
}, 120_000);

test('a Kinesis producer with a partition key for each record: reordered', async () => {
  const table = await tableOf(misusedOf('kinesis'), ['clean']);

  expect(table('ordering')).toMatchObject({
    verdict: 'observed',
    value: expect.stringMatching(/^reordered: \d+ of 220 messages came after a later one of their key/),
    evidence: expect.stringMatching(/^used wrongly on purpose: a random partition key for each record/),
  });
}, 120_000);

test('a consumer that commits before it has done its work: what it held is lost', async () => {
  const commitsFirst = { ...stubBroker({ loseHeld: true }), name: 'kafka' } as const;

  const table = await tableOf(commitsFirst, ['crash']);

  expect(table('delivery').value).toMatch(/^1 of 200 acknowledged lost/);
}, 30_000);
