import { newSegment, newTraceRoot, readTraceHeader } from '../../local/trace-header.ts';

const ROOT = '1-5759e988-bd862e3fe1be46a994272793';

test.each([
  [`Root=${ROOT}`, { root: ROOT }],
  [
    `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`,
    { root: ROOT, parent: '53995c3f42cd8ad8', sampled: '1' },
  ],
  [`Self=1-67891234-12456789abcdef012345678;Root=${ROOT};Sampled=0`, { root: ROOT, sampled: '0' }],
  [`Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:0`, { root: ROOT }],
])('reads %s', (header, expected) => {
  expect(readTraceHeader(header)).toMatchObject(expected);
});

test.each([undefined, '', 'Root=1-xyz', 'Sampled=1'])('%s names no trace', (header) => {
  expect(readTraceHeader(header)).toBeUndefined();
});

test('a new segment goes on with the trace and with the decision to sample it', () => {
  const { root, segment, header } = newSegment(`Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`, 0);

  expect(root).toBe(ROOT);
  expect(segment).toMatch(/^[0-9a-f]{16}$/);
  expect(segment).not.toBe('53995c3f42cd8ad8');
  expect(header).toBe(`Root=${ROOT};Parent=${segment};Sampled=1`);
});

test('a new trace begins with its time in seconds', () => {
  expect(newTraceRoot(1_465_510_280_123)).toMatch(/^1-5759e988-[0-9a-f]{24}$/);
  expect(readTraceHeader(newSegment(undefined, 0).header)).toMatchObject({ sampled: '0' });
});
