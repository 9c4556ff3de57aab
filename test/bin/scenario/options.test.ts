import { chosen, readOptions } from '../../../bin/scenario/options.ts';
import { scenarios } from '../../../scenarios/index.ts';

test('--all chooses every scenario, names choose theirs in the order given', () => {
  const all = chosen(readOptions(['--all']));
  const named = chosen(readOptions(['topic', 'queue']));

  expect(all).toEqual(scenarios);
  expect(named.map(({ name }) => name)).toEqual(['topic', 'queue']);
});

test.each([
  ['--all beside a name', ['--all', 'queue'], /^--all or queue\? [^\n]+$/],
  ['a name that nothing has', ['queues'], /^no scenario is called "queues"[^\n]+$/],
  ['neither', [], /^which scenario\?/],
])('%s is refused', (_, args, message) => {
  expect(() => chosen(readOptions(args))).toThrow(message);
});
