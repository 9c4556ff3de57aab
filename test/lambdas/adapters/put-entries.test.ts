import fc from 'fast-check';
import { putEntries } from '../../../lambdas/adapters/put-entries.ts';

interface Entry {
  readonly id: number;
  readonly key: string;
}

const ATTEMPTS = 4;

/** A broker that takes an entry or not as `takes` says, call by call, and remembers everything. */
const broker = (takes: () => boolean, throws: () => boolean = () => false) => {
  const calls: Entry[][] = [];
  const taken: Entry[] = [];
  const takenIn = new Map<number, number>();
  const pauses: number[] = [];
  return {
    calls,
    taken,
    takenIn,
    pauses,
    put: async (entries: readonly Entry[]) => {
      calls.push([...entries]);
      if (throws()) throw new Error('the network is gone');
      return entries.map((entry) => {
        if (!takes()) return 'refused';
        taken.push(entry);
        takenIn.set(entry.id, calls.length - 1);
        return undefined;
      });
    },
    pause: async (attempt: number) => {
      pauses.push(attempt);
    },
  };
};

const put = (entries: readonly Entry[], to: ReturnType<typeof broker>, limit = 5) =>
  putEntries(entries, {
    keyOf: ({ key }) => key,
    put: to.put,
    pause: to.pause,
    limit,
    attempts: ATTEMPTS,
  });

const ids = (entries: readonly Entry[]): number[] => entries.map(({ id }) => id).toSorted((a, b) => a - b);

const someEntries = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 })
  .map((keys) => keys.map((key, id): Entry => ({ id, key })));

test('whatever a call refuses, each entry is put once or given back, in the order of its key', async () => {
  await fc.assert(
    fc.asyncProperty(
      someEntries,
      fc.infiniteStream(fc.boolean()),
      fc.infiniteStream(fc.nat(9)),
      async (entries, taking, failing) => {
        const to = broker(
          () => taking.next().value === true,
          () => failing.next().value === 0,
        );

        const notPut = await put(entries, to, 3);

        expect(ids([...to.taken, ...notPut.map(({ entry }) => entry)])).toEqual(ids(entries));
        for (const [key, taken] of Map.groupBy(to.taken, (entry) => entry.key)) {
          const ofKey = entries.filter((entry) => entry.key === key);
          expect(taken).toEqual(ofKey.slice(0, taken.length));
        }
      },
    ),
  );
});

test('only what was refused is put again, and no entry more often than it may', async () => {
  await fc.assert(
    fc.asyncProperty(someEntries, fc.infiniteStream(fc.boolean()), async (entries, taking) => {
      const to = broker(() => taking.next().value === true);

      await put(entries, to);

      for (const { id } of entries) {
        const calls = to.calls.flatMap((call, index) =>
          call.some((entry) => entry.id === id) ? [index] : [],
        );
        expect(calls.length).toBeLessThanOrEqual(ATTEMPTS);
        if (to.takenIn.has(id)) expect(calls.at(-1)).toBe(to.takenIn.get(id));
      }
    }),
  );
});

test('a call takes one entry of a key at most, and no more entries than the broker allows', async () => {
  await fc.assert(
    fc.asyncProperty(someEntries, fc.integer({ min: 1, max: 5 }), async (entries, limit) => {
      const to = broker(() => true);

      await put(entries, to, limit);

      for (const call of to.calls) {
        expect(call.length).toBeLessThanOrEqual(limit);
        expect(new Set(call.map(({ key }) => key)).size).toBe(call.length);
      }
    }),
  );
});

test('an entry that is never taken is given back with the reason, and those behind it untried', async () => {
  const to = broker(() => false);

  const notPut = await put(
    [
      { id: 1, key: 'a' },
      { id: 2, key: 'a' },
    ],
    to,
  );

  expect(to.calls).toEqual(Array.from({ length: ATTEMPTS }, () => [{ id: 1, key: 'a' }]));
  expect(notPut).toEqual([
    { entry: { id: 1, key: 'a' }, reason: 'refused' },
    { entry: { id: 2, key: 'a' }, reason: 'refused' },
  ]);
});

test('nothing waits before the first try, and longer before each further one', async () => {
  const to = broker(() => false);

  await put([{ id: 1, key: 'a' }], to);

  expect(to.pauses).toEqual([1, 2, 3]);
});

test('an entry that the broker says nothing of counts as refused', async () => {
  const notPut = await putEntries([{ id: 1, key: 'a' }], {
    keyOf: ({ key }) => key,
    put: async () => [],
    pause: async () => {},
    limit: 5,
    attempts: 1,
  });

  expect(notPut).toMatchObject([{ entry: { id: 1 } }]);
});
