import { findType } from '../../../../local/resources/index.ts';
import { functionUri, GatewayUnderTest, integration } from './gateway-under-test.ts';

const streamingUri = functionUri()
  .replace('2015-03-31', '2021-11-15')
  .replace(/invocations$/, 'response-streaming-invocations');

const metadata = (values: object): Buffer =>
  Buffer.concat([Buffer.from(JSON.stringify(values)), Buffer.alloc(8)]);

/** A function that writes these chunks, one after the other. */
const streaming = (...chunks: readonly (Uint8Array | string)[]) => {
  const gateway = new GatewayUnderTest();
  gateway.method('GET /x', { integration: integration({ uri: streamingUri, streams: true }) });
  gateway.functions.respond = async (_event, onChunk) => {
    for (const chunk of chunks) {
      onChunk?.(Buffer.from(chunk));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { payload: '' };
  };
  return gateway;
};

test('the metadata that a function streams first is the head of the answer, the rest its body', async () => {
  const head = metadata({
    statusCode: 201,
    headers: { 'Content-Type': 'text/event-stream' },
    multiValueHeaders: { 'x-several': ['a', 'b'] },
    cookies: ['c=1', 'd=2'],
  });
  await using gateway = streaming(head.subarray(0, 20), head.subarray(20), 'one ', 'two');

  const reply = await gateway.call('/x');

  expect(reply).toMatchObject({ status: 201, text: 'one two' });
  expect(reply.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'x-several': 'a, b',
    'set-cookie': ['c=1', 'd=2'],
    'transfer-encoding': 'chunked',
  });
});

test('bytes are bytes, without any binary media type', async () => {
  const bytes = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 255, 254, 1]);
  await using gateway = streaming(Buffer.concat([metadata({}), bytes]));

  const { body } = await gateway.call('/x');

  expect(body).toEqual(bytes);
});

test.each([
  ['no delimiter', ['{"statusCode":200}']],
  ['nothing', []],
  ['metadata that is no JSON', [metadata({}).fill(0x61, 0, 2)]],
  ['a delimiter after more than 16 KB', [`{"a":"${'x'.repeat(17_000)}"}\0\0\0\0\0\0\0\0`]],
])('a function that streams %s is a 502', async (_, chunks) => {
  await using gateway = streaming(...chunks);

  const reply = await gateway.call('/x');

  expect(reply).toMatchObject({ status: 502, text: '{"message":"Internal server error"}' });
});

test('a function that fails before its metadata is a 502; after it, the answer breaks off', async () => {
  await using gateway = streaming();
  gateway.functions.respond = () => ({ functionError: 'Unhandled', payload: '{"errorMessage":"no"}' });
  const before = await gateway.call('/x');
  gateway.functions.respond = async (_event, onChunk) => {
    onChunk?.(Buffer.concat([metadata({}), Buffer.from('half')]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { functionError: 'Unhandled', payload: '{}' };
  };

  const after = gateway.call('/x');

  await expect(after).rejects.toThrow('aborted');
  expect(before.status).toBe(502);
});

test('a stream that is silent for five minutes breaks off', async () => {
  await using gateway = streaming();
  gateway.method('GET /x', {
    integration: integration({ uri: streamingUri, streams: true, timeoutMs: 900_000 }),
  });
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  gateway.functions.respond = (_event, onChunk) => {
    onChunk?.(Buffer.concat([metadata({}), Buffer.from('half')]));
    begin();
    return new Promise(() => undefined);
  };
  const asked = gateway.call('/x');
  const brokenOff = expect(asked).rejects.toThrow('aborted');
  await begun;
  await new Promise((resolve) => setTimeout(resolve, 50));

  gateway.clock.advance(300_000);

  await brokenOff;
});

test.each([
  ['STREAM', streamingUri, 'AWS_PROXY', true],
  ['BUFFERED', functionUri(), 'AWS_PROXY', true],
  ['STREAM', functionUri(), 'AWS_PROXY', false],
  ['BUFFERED', streamingUri, 'AWS_PROXY', false],
  ['STREAM', streamingUri, 'AWS', false],
])('response transfer mode %s with %s as %s: taken is %s', (ResponseTransferMode, Uri, Type, taken) => {
  const result = findType('AWS::ApiGateway::Method')?.properties.safeParse({
    RestApiId: 'a',
    ResourceId: 'r',
    HttpMethod: 'GET',
    AuthorizationType: 'NONE',
    Integration: { Type, Uri, ResponseTransferMode },
  });

  expect(result?.success).toBe(taken);
});
