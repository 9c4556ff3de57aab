import { Needs } from '../../lab/recommend/needs.ts';
import { optionNames } from '../../lab/recommend/options.ts';
import { formatRecommendation, recommend } from '../../lab/recommend/recommend.ts';
import { advice, merits, rules } from '../../lab/recommend/rules.ts';

type Given = Partial<Needs>;
const year = 365 * 24;
const mb = 1_024 ** 2;

/** What is needed, and what is to be used for it. */
const cases: readonly (readonly [what: string, needs: Given, pattern: string | undefined])[] = [
  ['nothing in particular', {}, 'queue'],
  ['work for nothing while none comes', { budget: 'idle-free' }, 'queue'],
  ['order by key', { order: 'key' }, 'ordered queue'],
  ['one order over all, seldom', { order: 'all', rate: 50 }, 'ordered queue'],
  ['one order over all, more than a message group takes', { order: 'all', rate: 500, size: 100 }, 'stream'],
  ['one order over all, more than a shard takes', { order: 'all', rate: 5_000, budget: 'any' }, 'log'],
  [
    'one order over all, more bytes than a shard takes',
    { order: 'all', rate: 900, size: 10_000, budget: 'any' },
    'log',
  ],
  ['each message to several', { fanOut: 3 }, 'topic'],
  ['each message to several, in order', { fanOut: 3, order: 'key' }, 'ordered topic'],
  [
    'to several in order, for nothing while none comes',
    { fanOut: 3, order: 'key', budget: 'idle-free' },
    'ordered topic',
  ],
  [
    'to several in one order over all, more than a group takes',
    { fanOut: 3, order: 'all', rate: 500, size: 100 },
    'stream',
  ],
  ['to several in order, and read again', { fanOut: 3, order: 'key', replay: true }, 'stream'],
  [
    'to more in order, and read again, than a stream feeds',
    { fanOut: 50, order: 'key', replay: true },
    'ordered topic',
  ],
  [
    'to more in order than a FIFO topic has subscriptions',
    { fanOut: 200, order: 'key', budget: 'any' },
    'log',
  ],
  ['to several in order, faster than a FIFO topic', { fanOut: 3, order: 'key', rate: 50_000 }, 'stream'],
  ['reading again', { replay: true }, 'stream'],
  ['kept for a month', { retentionHours: 30 * 24 }, 'stream'],
  ['kept for two years', { retentionHours: 2 * year, budget: 'any' }, 'log'],
  ['kept for two years at a low cost', { retentionHours: 2 * year }, undefined],
  ['reading again for nothing while none comes', { replay: true, budget: 'idle-free' }, 'ordered topic'],
  [
    'reading again for nothing after two years',
    { replay: true, budget: 'idle-free', retentionHours: 2 * year },
    undefined,
  ],
  ['large messages to very many', { size: mb / 2, fanOut: 500, budget: 'any' }, 'log'],
  ['images of 5 MB to very many: only where they are is sent', { size: 5 * mb, fanOut: 500 }, 'topic'],
  ['Kafka and nothing else', { kafka: true, budget: 'any' }, 'log'],
  ['a team that writes C', { languages: ['c'], budget: 'any' }, 'log'],
  ['a team that writes Go and Python', { languages: ['go', 'python'] }, 'queue'],
];

test.each(cases)('%s', (_, given, pattern) => {
  expect(recommend(Needs.parse(given)).choice?.pattern).toBe(pattern);
});

test('every rule decides one of the cases, and no rule strikes out everything by itself', () => {
  const needs = cases.map(([, given]) => Needs.parse(given));

  const idle = rules.filter(({ when }) => !needs.some(when));
  expect(idle).toEqual([]);
  for (const { against } of rules) expect(against.length).toBeLessThan(optionNames.length);
});

test('whatever is said names where it can be read', () => {
  const said = [...rules, ...advice, ...Object.values(merits)];

  expect(said.filter(({ source }) => !/"[^"]+"|pricing/.test(source))).toEqual([]);
});

test('content that no broker should carry is told to go elsewhere', () => {
  const { reasons } = recommend(Needs.parse({ size: 5 * mb }));

  expect(reasons.map(({ why }) => why)).toContainEqual(expect.stringContaining('claim check'));
});

test('a FIFO topic comes with the construct to use, and above its first limit with how to raise it', () => {
  const { choice, reasons } = recommend(Needs.parse({ fanOut: 3, order: 'key', rate: 5_000 }));

  expect(choice?.construct).toBe('FanOutTopic with topicProps: { fifo: true }, with an OrderedQueue each');
  expect(reasons.map(({ why }) => why)).toContainEqual(expect.stringContaining('fifoThroughputScope'));
});

test('for a person: the construct, why, and why not the others; or that nothing does it all', () => {
  const stream = formatRecommendation(recommend(Needs.parse({ replay: true })));
  const nothing = formatRecommendation(
    recommend(Needs.parse({ retentionHours: 2 * year, budget: 'idle-free' })),
  );

  expect(stream).toMatch(
    /construct {2}EventStream[\s\S]*Why\n- [\s\S]*Why not\n- queue: what is acknowledged is gone/,
  );
  expect(nothing).toMatch(/^Nothing compared here does all of this/);
});
