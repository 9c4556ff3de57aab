import { createServer } from 'node:http';
import { assertAnswers, endpointOf } from '../../bin/endpoint.ts';
import { UserError } from '../../local/errors.ts';

const local = {
  ImageApi: { ApiUrl: 'http://127.0.0.1:4599/_aws/execute-api/abc/live/' },
  ImageWorker: { JobsQueueUrl: 'http://127.0.0.1:4599/000000000000/Jobs' },
};
const imitation = {
  ImageApi: { ApiUrl: 'https://abc.execute-api.us-east-1.amazonaws.com/live/' },
  ImageWorker: { JobsQueueUrl: 'http://localhost:4711/000000000000/Jobs' },
};
const onAws = {
  ImageApi: { ApiUrl: 'https://abc.execute-api.us-east-1.amazonaws.com/live/' },
  ImageWorker: { JobsQueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/Jobs' },
};

test.each([
  ['AWS_ENDPOINT_URL, whatever the outputs say', local, 'http://127.0.0.1:9', 'http://127.0.0.1:9'],
  ['the address of its API', local, undefined, 'http://127.0.0.1:4599'],
  [
    'the address of a queue, where the API has the name that AWS gives it',
    imitation,
    undefined,
    'http://localhost:4711',
  ],
  ['the address of npm start, where no output tells', onAws, undefined, 'http://127.0.0.1:4566'],
])('an endpoint is reached at %s', (_, outputs, AWS_ENDPOINT_URL, expected) => {
  const endpoint = endpointOf(outputs, { AWS_ENDPOINT_URL });

  expect(endpoint).toBe(expected);
});

/** A server on a free port that finds nothing. */
const listening = async () => {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { endpoint: `http://127.0.0.1:${port}`, close };
};

test('an endpoint that answers anything is there; one that is gone is told in one line with its address', async () => {
  const { endpoint, close } = await listening();

  const there = await assertAnswers(endpoint).then(() => 'answers');
  await close();
  const gone = await assertAnswers(endpoint).catch((error: unknown) => error);

  expect(there).toBe('answers');
  expect(gone).toBeInstanceOf(UserError);
  expect(String(gone)).toContain(`nothing answers at ${endpoint}`);
  expect(String(gone)).not.toContain('\n');
});
