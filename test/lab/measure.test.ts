import { cellsOf } from '../../lab/cells/cells.ts';
import { measure } from '../../lab/measure.ts';
import { type RunName, runNames } from '../../lab/runs/run.ts';
import { settings } from './support/context.ts';
import { type Faults, stubBroker } from './support/stub-broker.ts';

const ask = (runs: readonly RunName[], faults: Faults = {}, signal = new AbortController().signal) =>
  measure({ brokers: [stubBroker(faults)], runs, settings, signal, say: () => undefined });
const candidates = [{ name: 'kinesis', version: 'a stub', emulated: true }] as const;

test('a broker that keeps its promises is put every question, and every criterion has an answer', async () => {
  const results = await ask(runNames);

  expect(new Set(results.map(({ run }) => run))).toEqual(new Set(runNames));
  expect(results.filter(({ notMeasurable }) => notMeasurable !== undefined)).toEqual([]);
  const cells = cellsOf(candidates, results);
  expect(Object.fromEntries(cells.map(({ criterion, value }) => [criterion, value]))).toMatchObject({
    ordering: expect.stringContaining('no reordering within a key observed in'),
    delivery: expect.stringMatching(/^0 of \d+ acknowledged lost; .*sent twice: 200 of 200 delivered twice/),
    persistence: expect.stringMatching(/^killed and back: 0 of/),
    durability: 'back after being away: 200 of 200 seen; a newcomer saw 200 of 200 from before',
    scalability: expect.stringMatching(/^messages\/s drained by consumers: 1: \d+, 2: \d+, 4: \d+, 8: \d+$/),
    latency: expect.stringMatching(/^at 2000\/s: p50 .* of 200 messages$/),
  });
});

test('a run that breaks off says why, and what is documented stands in for what it would have told', async () => {
  const results = await ask(['clean'], { consumerFails: true });

  const [latency] = cellsOf(candidates, results).filter(({ criterion }) => criterion === 'latency');
  expect(latency).toMatchObject({
    verdict: 'documented',
    value: expect.stringMatching(/\(not measurable here\)$/),
    evidence: expect.stringMatching(/not measurable here: clean: broken off: consumer c0: NotThere$/),
  });
});

test('who ends it early gets the runs that were done, and none that was cut off', async () => {
  const ending = new AbortController();
  const asked = measure({
    brokers: [stubBroker()],
    runs: ['clean', 'replay'],
    settings,
    signal: ending.signal,
    say: () => ending.abort(),
  });

  expect((await asked).map(({ run }) => run)).toEqual(['clean']);
});

test('who ends it while a broker waits to be killed gets an end at once', async () => {
  const outageAfterMinutes = { ...settings, messages: 4_000, rate: 20 };

  const asked = measure({
    brokers: [stubBroker()],
    runs: ['outage'],
    settings: outageAfterMinutes,
    signal: AbortSignal.timeout(50),
    say: () => undefined,
  });

  expect(await asked).toEqual([]);
});
