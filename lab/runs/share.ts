import type { Run } from './run.ts';
import { Session } from './session.ts';

/** Two consumers of one group, and where there is such a thing a second group with its own copy. */
export const share: Run = (context) => {
  const groups = context.broker.fanOut ? ['a', 'b'] : ['a'];
  return Session.with(context, groups, async (session) => {
    const starting = [0, 1].map((index) => session.consume({ share: { index, of: 2 } }));
    if (groups.includes('b')) starting.push(session.consume({ group: 'b' }));
    await Promise.all(starting);
    await session.divided(2);
    await session.send();
    for (const group of groups) await session.drained(group);
    const received = groups.flatMap((group) => session.receivedBy(group));
    const perConsumer = Map.groupBy(received, ({ consumer }) => consumer);
    const parts = [...perConsumer].map(([consumer, list]) => `${consumer} ${list.length}`).sort();
    const copies = groups.length === 2 ? 'c0 and c1 share a copy, c2 has its own' : 'all share the one copy';
    const findings = Object.fromEntries(groups.map((group) => [group, session.findings(group)]));
    const late = Object.values(findings).reduce((sum, one) => sum + one.inversionsPerKey.length, 0);
    const seen = `${parts.join(', ')}: ${copies}; ${late} out of order within their key`;
    return [session.result('share', seen, { findings })];
  });
};
