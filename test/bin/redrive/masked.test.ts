import { masked } from '../../../bin/redrive/masked.ts';

test.each([
  ['a key', { data: { token: 'a-b-c', topics: ['news'] } }, { data: { token: '***', topics: ['news'] } }],
  [
    'a part of a key',
    [{ webhookSecret: 'x' }, { 'X-Signature': [1] }],
    [{ webhookSecret: '***' }, { 'X-Signature': '***' }],
  ],
  [
    'a parameter of a URL',
    { url: 'https://a.example/u?token=abc&id=7#top', get: 'see https://a.example/?id=7&X-Amz-Signature=ff' },
    { url: 'https://a.example/u?token=***&id=7#top', get: 'see https://a.example/?id=7&X-Amz-Signature=***' },
  ],
  ['JSON inside of JSON', { Message: '{"token":"abc"}' }, { Message: '{"token":"***"}' }],
  ['nothing where nothing is secret', { id: 1, ok: true, none: null }, { id: 1, ok: true, none: null }],
])('what opens something is masked by %s', (_, body, shown) => {
  expect(JSON.parse(masked(JSON.stringify(body)))).toEqual(shown);
});

test('a body that is not JSON is shown as it is, but for what its URLs hold', () => {
  expect(masked('<a href="https://a.example/?token=abc">{"x"</a>')).toBe(
    '<a href="https://a.example/?token=***">{"x"</a>',
  );
});
