import { isOneClick } from '../../../lambdas/http/one-click.ts';

const part = (content: string) => `--b\r\nContent-Disposition: form-data; ${content}\r\n--b--\r\n`;

test.each([
  ['a form', 'List-Unsubscribe=One-Click'],
  ['a form with a line end', 'List-Unsubscribe=One-Click\r\n'],
  ['a multipart form', part('name="List-Unsubscribe"\r\n\r\nOne-Click')],
  ['a part with a type', part('name="List-Unsubscribe"\r\nContent-Type: text/plain\r\n\r\nOne-Click')],
])('%s is one click', (_case, body) => {
  expect(isOneClick(body)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['another value', 'List-Unsubscribe=Two-Clicks'],
  ['JSON', '{"List-Unsubscribe":"One-Click"}'],
  ['another part', part('name="other"\r\n\r\nOne-Click')],
  ['a longer value', part('name="List-Unsubscribe"\r\n\r\nOne-Click-Not')],
])('%s is not', (_case, body) => {
  expect(isOneClick(body)).toBe(false);
});
