import fc from 'fast-check';
import { check } from '../../lab/checker.ts';
import type { Outcome, Received, Sent } from '../../lab/ledger.ts';
import { idOf } from '../../lab/message.ts';
import { plan } from '../../lab/plan.ts';

const sendAll = (messages: number, keys = 10): Sent[] =>
  plan({ messages, rate: 1_000, keys, producers: 2, seed: 7 }).map(({ afterMs, ...id }) => ({
    ...id,
    outcome: 'acknowledged',
    intendedAt: afterMs,
    sentAt: afterMs,
    answeredAt: afterMs + 0.5,
  }));

const receipt = (sent: Sent, redelivered = false): Received => ({
  ...sent,
  group: 'g',
  consumer: 'c',
  at: sent.intendedAt + 1,
  redelivered,
});
const deliverAll = (sent: readonly Sent[]): Received[] => sent.map((one) => receipt(one));

const atOnce = { intendedAt: 0, sentAt: 0, answeredAt: 0 };
const clean = { lost: [], duplicates: [], inversionsPerKey: [], inversionsOverall: 0, phantoms: [] };
const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
};

test('a broker that delivers everything once and in order is found to have done so', () => {
  const sent = sendAll(1_000);

  expect(check(sent, deliverAll(sent))).toMatchObject({ ...clean, acknowledged: 1_000, delivered: 1_000 });
});

describe('one planted fault in 10,000 messages is found every time, and nothing else with it', () => {
  const sent = sendAll(10_000);
  const anywhere = fc.integer({ min: 0, max: sent.length - 1 });

  test('a lost message', () => {
    fc.assert(
      fc.property(anywhere, (index) => {
        const received = deliverAll(sent).toSpliced(index, 1);

        expect(check(sent, received)).toMatchObject({ ...clean, lost: [idOf(at(sent, index))] });
      }),
      { numRuns: 50 },
    );
  });

  test('a message delivered twice, silently or as the broker says', () => {
    fc.assert(
      fc.property(anywhere, fc.nat(), fc.boolean(), (index, later, said) => {
        const received = deliverAll(sent);
        const again = receipt(at(sent, index), said);
        const place = index + 1 + (later % (sent.length - index));

        const findings = check(sent, received.toSpliced(place, 0, again));

        expect(findings).toMatchObject({
          ...clean,
          duplicates: said ? [] : [idOf(again)],
          redeliveries: said ? 1 : 0,
        });
      }),
      { numRuns: 50 },
    );
  });

  test('a message that is overtaken by the next of its key', () => {
    fc.assert(
      fc.property(anywhere, (index) => {
        const one = at(sent, index);
        const next = sent.findIndex(
          (other) => other.key === one.key && other.producer === one.producer && other.seq === one.seq + 1,
        );
        fc.pre(next !== -1);
        const received = deliverAll(sent)
          .toSpliced(next + 1, 0, receipt(one))
          .toSpliced(index, 1);

        expect(check(sent, received)).toMatchObject({
          lost: [],
          duplicates: [],
          inversionsPerKey: [idOf(one)],
        });
      }),
      { numRuns: 50 },
    );
  });

  test('a message that nobody sent', () => {
    const ghost = receipt({ producer: 'p9', key: 'k', seq: 3, outcome: 'acknowledged', ...atOnce });

    expect(check(sent, [...deliverAll(sent), ghost])).toMatchObject({ ...clean, phantoms: ['p9/k/3'] });
  });
});

test('a message that was only in the hands of a consumer that died is lost, and no loss when it is handled later', () => {
  const sent = sendAll(1);
  const held: Received[] = deliverAll(sent).map((one) => ({ ...one, held: true }));

  expect(check(sent, held)).toMatchObject({ lost: ['p0/k0/0'], delivered: 1 });
  expect(check(sent, [...held, ...deliverAll(sent)])).toMatchObject({ lost: [], duplicates: ['p0/k0/0'] });
});

test('a message that a consumer died on, and that comes again after a later one of its key, is out of order', () => {
  const sent = sendAll(3, 1).filter(({ producer }) => producer === 'p0');
  const [first, second] = deliverAll(sent);
  if (!first || !second) throw new Error('two messages were planned');
  const held = { ...first, held: true };

  const overtaken = check(sent, [held, second, first]);
  const inTurn = check(sent, [held, first, second]);

  expect(overtaken.inversionsPerKey).toEqual([idOf(first)]);
  expect(inTurn.inversionsPerKey).toEqual([]);
});

test.each([
  ['after the answer to the other', 2, 1],
  ['while the other was under way', 0.5, 0],
])('order over all keys is told apart from order per key: one sent %s', (_, sentAt, inversionsOverall) => {
  const one = { producer: 'p', seq: 0, outcome: 'acknowledged', intendedAt: 0 } as const;
  const sent: Sent[] = [
    { ...one, key: 'a', sentAt: 0, answeredAt: 1 },
    { ...one, key: 'b', sentAt, answeredAt: 3 },
  ];

  const findings = check(sent, deliverAll(sent).toReversed());

  expect(findings).toMatchObject({ inversionsPerKey: [], inversionsOverall });
});

test.each<[Outcome, object]>([
  ['unknown', { unknownDelivered: 1, failedDelivered: [] }],
  ['failed', { unknownDelivered: 0, failedDelivered: ['p/k/0'] }],
])('a send that was %s is no loss, and is told when it comes after all', (outcome, told) => {
  const sent: Sent[] = [{ producer: 'p', key: 'k', seq: 0, outcome, ...atOnce }];

  expect(check(sent, [])).toMatchObject({ lost: [], delivered: 0 });
  expect(check(sent, deliverAll(sent))).toMatchObject({ ...told, lost: [], phantoms: [] });
});
