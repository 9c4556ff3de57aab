import fc from 'fast-check';
import { streamWith } from './kinesis-mapping.ts';

const minute = { TumblingWindowInSeconds: 60 };

const story = (invoked: Awaited<ReturnType<typeof streamWith>>['invoked']) =>
  invoked.map(({ texts, about }) => [texts, about.state, about.isFinalInvokeForWindow]);

test('the state of an invocation is given to the next one of its window, and to a final one without records', async () => {
  const { map, put, advance, last, invoked, stream } = await streamWith();
  await map(minute);
  await put('a');
  await last().answer({ state: { seen: 1 } });
  await put('b');
  await last().answer({ state: { seen: 2 } });

  await advance(60_000);
  await last().answer();
  await put('c');

  expect(story(invoked)).toEqual([
    [['a'], {}, false],
    [['b'], { seen: 1 }, false],
    [[], { seen: 2 }, true],
    [['c'], {}, false],
  ]);
  expect(invoked[2]?.about).toEqual({
    window: { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:01:00Z' },
    state: { seen: 2 },
    shardId: 'shardId-000000000000',
    eventSourceARN: stream.arn,
    isFinalInvokeForWindow: true,
    isWindowTerminatedEarly: false,
  });
  expect(invoked[3]?.about.window).toEqual({ start: '2026-01-01T00:01:00Z', end: '2026-01-01T00:02:00Z' });
});

test('a batch ends with its window: what was put later waits for the final invocation', async () => {
  const { map, put, advance, last, invoked } = await streamWith();
  await put('a');
  await advance(60_000);
  await put('b');
  await map(minute);

  await last().answer({ state: { of: 'a' } });
  await last().answer();

  expect(story(invoked)).toEqual([
    [['a'], {}, false],
    [[], { of: 'a' }, true],
    [['b'], {}, false],
  ]);
});

test('an answer without a state is a failure, and is tried again with the state before it', async () => {
  const { map, put, advance, last, invoked } = await streamWith();
  await map(minute);
  await put('a');

  await last().answer({ seen: 1 });
  await advance(1000);

  expect(story(invoked)).toEqual([
    [['a'], {}, false],
    [['a'], {}, false],
  ]);
});

test('a final invocation that fails holds up the shard until one succeeds', async () => {
  const { map, put, advance, last, invoked } = await streamWith();
  await map(minute);
  await put('a');
  await last().answer({ state: { seen: 1 } });
  await advance(60_000);
  await last().fail();
  await put('b');
  await advance(1000);

  await last().answer();

  expect(story(invoked)).toEqual([
    [['a'], {}, false],
    [[], { seen: 1 }, true],
    [[], { seen: 1 }, true],
    [['b'], {}, false],
  ]);
});

test('a state of more than 1 MB ends the window early; it goes on with a fresh one', async () => {
  const { map, put, last, invoked } = await streamWith();
  await map(minute);
  await put('a');

  await last().answer({ state: { much: 'x'.repeat(1024 * 1024) } });
  await last().answer();
  await put('b');

  expect(invoked.map(({ texts, about }) => [texts, about.isWindowTerminatedEarly])).toEqual([
    [['a'], false],
    [[], true],
    [['b'], false],
  ]);
  expect(invoked[2]?.about).toMatchObject({ state: {}, window: { start: '2026-01-01T00:00:00Z' } });
});

test('a shard that is closed closes its window; its children begin with a fresh state', async () => {
  const { map, put, last, invoked, stream } = await streamWith();
  await map(minute);
  await put('before');
  await last().answer({ state: { seen: 1 } });

  stream.split('shardId-000000000000', 2n ** 127n);
  await put('after');
  await last().answer();

  expect(story(invoked)).toEqual([
    [['before'], {}, false],
    [[], { seen: 1 }, true],
    [['after'], {}, false],
  ]);
});

test('a cloud that starts again goes on with the state beside its checkpoint', async () => {
  const { base, map, put, last, mappings } = await streamWith();
  await map(minute);
  await put('a');
  await last().answer({ state: { seen: 1 } });
  await mappings.close();

  const again = await streamWith(1, base);
  await again.map(minute);
  await again.put('b');

  expect(story(again.invoked)).toEqual([[['b'], { seen: 1 }, false]]);
});

test('windows and parallel batches of one shard are refused together', async () => {
  const { map } = await streamWith();

  const both = map({ ...minute, ParallelizationFactor: 2 });

  await expect(both).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message: expect.stringContaining('TumblingWindowInSeconds'),
  });
});

test('each window’s final state has seen exactly the records of that window, in their order', async () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 40_000 }), puts: fc.integer({ min: 0, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const { base, map, put, advance, invoked, mappings } = await streamWith();
      await map({ ...minute, BatchSize: 2 });
      const finals: unknown[] = [];
      const expected = new Map<number, string[]>();
      let answered = 0;
      const answerAll = async () => {
        for (let running = invoked[answered]; running; running = invoked[answered]) {
          answered += 1;
          const state = running.about.state;
          const seen = typeof state === 'object' && state !== null && 'seen' in state ? state.seen : [];
          if (running.about.isFinalInvokeForWindow) finals.push(seen);
          await running.answer({ state: { seen: [seen, running.texts].flat() } });
        }
      };
      for (const [index, { wait, puts }] of steps.entries()) {
        await advance(wait);
        const window = Math.floor(base.clock.now() / 60_000);
        const texts = Array.from({ length: puts }, (_, each) => `${index}.${each}`);
        if (puts > 0) expected.set(window, [...(expected.get(window) ?? []), ...texts]);
        await put(...texts);
        await answerAll();
      }
      await advance(120_000);
      await answerAll();

      expect(finals).toEqual([...expected.values()]);
      await mappings.close();
      base.store.close();
    }),
    { numRuns: 40 },
  );
});
