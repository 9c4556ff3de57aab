import { reachable } from '../../../scenarios/app/api-url.ts';

test('the address that an API has on AWS is looked for behind the endpoint that imitates it', () => {
  const url = 'https://e1e023c3.execute-api.us-east-1.amazonaws.com/live/';

  const found = reachable(url, { endpoint: 'http://127.0.0.1:4566' });

  expect(found).toBe('http://127.0.0.1:4566/_aws/execute-api/e1e023c3/live/');
});

test('a WebSocket API is looked for there, too', () => {
  const url = 'wss://2ef12237.execute-api.us-east-1.amazonaws.com/live';

  const found = reachable(url, { endpoint: 'http://127.0.0.1:4566' });

  expect(found).toBe('ws://127.0.0.1:4566/_aws/execute-api/2ef12237/live');
});

test.each([
  ['on AWS', 'https://e1e023c3.execute-api.us-east-1.amazonaws.com/live/', undefined],
  ['of the local cloud', 'http://127.0.0.1:4566/_aws/execute-api/e1e023c3/live/', 'http://127.0.0.1:4566'],
])('the address %s is taken as it is', (_, url, endpoint) => {
  expect(reachable(url, { ...(endpoint !== undefined && { endpoint }) })).toBe(url);
});
