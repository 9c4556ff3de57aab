import { z } from 'zod';
import { Fidelity, formatFidelity } from '../../../local/fidelity.ts';
import { acceptedNotEmulated, cfnTags, resourceType } from '../../../local/resources/resource-type.ts';

const queue = resourceType({
  type: 'Queue',
  attributes: [],
  properties: z.strictObject({
    Name: z.string().optional(),
    Key: acceptedNotEmulated('nothing is encrypted'),
    Rules: z.array(z.strictObject({ Id: z.string(), Cost: acceptedNotEmulated('nothing costs') })).optional(),
    Either: z
      .union([z.strictObject({ A: acceptedNotEmulated('no A') }), z.strictObject({ B: z.string() })])
      .optional(),
    Text: z
      .string()
      .transform((text) => ({ text }))
      .optional(),
    Tags: cfnTags,
  }),
  create: async () => ({ ref: 'q' }),
  limits: ({ Name }) => (Name === 'odd' ? [{ property: 'Name', reason: 'odd names do nothing' }] : []),
});
const dashboard = resourceType({
  type: 'Dashboard',
  attributes: [],
  properties: z.strictObject({ Tags: cfnTags }),
  create: async () => ({ ref: 'd' }),
  limits: () => [{ reason: 'nobody looks at it' }],
});

const reportOf = (properties: object) => {
  const fidelity = new Fidelity();
  fidelity.add('Queue', queue, properties, queue.properties.parse(properties));
  return fidelity.report();
};

test('only what occurs in the template is reported, nested properties too', () => {
  expect(reportOf({ Name: 'a', Rules: [{ Id: '1' }], Either: { B: 'b' } }).notEmulated).toEqual([]);
  expect(reportOf({ Key: 'k', Rules: [{ Id: '1', Cost: 1 }], Either: { A: 1 } }).notEmulated).toEqual([
    { type: 'Queue', property: 'Either.A', reason: 'no A', count: 1 },
    { type: 'Queue', property: 'Key', reason: 'nothing is encrypted', count: 1 },
    { type: 'Queue', property: 'Rules.Cost', reason: 'nothing costs', count: 1 },
  ]);
});

test('what only the value tells is reported by the type itself', () => {
  expect(reportOf({ Name: 'odd' }).notEmulated).toEqual([
    { type: 'Queue', property: 'Name', reason: 'odd names do nothing', count: 1 },
  ]);
});

test('a type that is accepted as a whole does not count as emulated; shared reasons share a line', () => {
  const fidelity = new Fidelity();
  fidelity.add('Queue', queue, { Tags: [] }, {});
  fidelity.add('Queue', queue, { Tags: [] }, {});
  fidelity.add('Dashboard', dashboard, { Tags: [] }, {});

  expect(formatFidelity(fidelity.report())).toBe(
    [
      'Emulated: 2 resources of 1 types',
      '  Queue  2',
      'Accepted, not emulated:',
      '  Dashboard       1  nobody looks at it',
      '  Tags (2 types)  3  tags have no effect on this machine',
    ].join('\n'),
  );
});
