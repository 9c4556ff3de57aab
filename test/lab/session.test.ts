import { Session } from '../../lab/runs/session.ts';
import { steady } from '../../lab/runs/steady.ts';
import { contextOf } from './support/context.ts';
import { type Faults, stubBroker } from './support/stub-broker.ts';

const TEN_THOUSAND = { messages: 10_000, rate: 100_000 };

const findingsWith = (faults: Faults) =>
  Session.with(contextOf(stubBroker(faults), TEN_THOUSAND), ['a'], async (session) => {
    await session.consume();
    await session.send();
    await session.drained('a', 100);
    return session.findings();
  });

const clean = { lost: [], duplicates: [], inversionsPerKey: [], phantoms: [], refused: {} };

describe('what a broker does wrong with one message of 10,000 is found by a run', () => {
  test('nothing wrong: nothing found', async () => {
    expect(await findingsWith({})).toMatchObject({ ...clean, acknowledged: 10_000, delivered: 10_000 });
  });

  test.each([0, 4_711, 9_999])('message %i is lost', async (lose) => {
    const findings = await findingsWith({ lose });

    expect(findings).toMatchObject({ ...clean, lost: [expect.any(String)], delivered: 9_999 });
  });

  test.each([0, 4_711, 9_999])('message %i is delivered twice', async (duplicate) => {
    const findings = await findingsWith({ duplicate });

    expect(findings).toMatchObject({ ...clean, duplicates: [expect.any(String)], delivered: 10_000 });
  });

  test.each([0, 4_711, 9_000])('message %i is overtaken by the next of its key', async (reorder) => {
    const findings = await findingsWith({ reorder });

    expect(findings).toMatchObject({ ...clean, inversionsPerKey: [expect.any(String)], delivered: 10_000 });
  });

  test('a send that is refused is no loss, and is told by its reason', async () => {
    const findings = await findingsWith({ refuse: 77 });

    expect(findings).toMatchObject({ ...clean, refused: { Throttled: 1 }, acknowledged: 9_999 });
  });
});

test.each([
  ['acknowledges when its work is done', false, 0],
  ['acknowledges before, and loses what it held', true, 1],
])('a consumer is killed that %s', async (_, loseHeld, lost) => {
  const findings = await Session.with(contextOf(stubBroker({ loseHeld })), ['a'], async (session) => {
    const victim = await session.consume({ holdFrom: 100 });
    await session.send();
    await victim.kill();
    await session.consume();
    await session.drained('a', 100);
    return session.findings();
  });

  expect(findings.lost).toHaveLength(lost);
  expect(findings.delivered).toBe(200);
});

test('two runs with one seed send the same messages, and another seed sends others', async () => {
  const sentWith = async (seed: number) => {
    const broker = stubBroker();
    await Session.with(contextOf(broker, { seed }), ['a'], (session) => session.send());
    return broker.sent.map(({ producer, key, seq, padding }) => ({ producer, key, seq, padding }));
  };

  const [once, again, other] = [await sentWith(7), await sentWith(7), await sentWith(8)];

  expect(again).toEqual(once);
  expect(other).not.toEqual(once);
});

test('a consumer that fails breaks the run off: what it did not see is not blamed on the broker', async () => {
  const run = Session.with(contextOf(stubBroker({ consumerFails: true })), ['a'], async (session) => {
    await session.consume();
    await session.send();
    await session.drained();
  });

  await expect(run).rejects.toThrow('consumer c0: NotThere');
});

test('a target that gives 100/s, and is offered 300/s for 2 s, has a backlog and no latency', async () => {
  const broker = stubBroker({ perSecond: 100 });

  const { saturated, latency, seen } = await steady(contextOf(broker, { messages: 600, rate: 300 }), 'clean');

  expect(latency).toBeUndefined();
  // The stub's timer is late rather than early: it gives no more than that.
  expect(saturated?.waiting).toBeGreaterThan(390);
  expect(saturated?.drainMs).toBeGreaterThan(3_500);
  expect(seen).toContain('660 of 660 delivered');
  expect(seen).toContain(`saturated at 300/s: ${saturated?.waiting} waited`);
}, 60_000);

test('a broker that goes away in the middle breaks the run off: nobody can say what it lost', async () => {
  const broker = stubBroker({ perSecond: 1_000, goneAfter: 100 });
  const run = Session.with(contextOf(broker), ['a'], async (session) => {
    await session.send();
    await session.drained('a', 100);
  });

  await expect(run).rejects.toThrow(
    'the broker does not answer any more (NotThere): 100 messages were not handled by then',
  );
});

test('a client that goes on trying to send to a broker that is gone holds nobody up', async () => {
  const broker = stubBroker({ goneAfter: 100, goneSilently: true });
  const run = Session.with(contextOf(broker), ['a'], (session) => session.send());

  await expect(run).rejects.toThrow('the broker does not answer any more (NotThere)');
}, 60_000);

test('a consumer that does not end when it is asked to is killed, and the run says so', async () => {
  const seen = await Session.with(contextOf(stubBroker({ neverStops: true })), ['a'], async (session) => {
    await session.stop(await session.consume());
    return session.result('away', 'what was seen').seen;
  });

  expect(seen).toBe('what was seen; consumer c0 did not end');
});
