import { GatewayUnderTest, integration } from './gateway-under-test.ts';

const JSON_TYPE = 'application/json';

/** What a response template makes of a function's result. */
const rendered = async (template: string, payload: string) => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x', {
    integration: integration({
      type: 'AWS',
      responses: [{ statusCode: 200, parameters: {}, templates: { [JSON_TYPE]: template } }],
    }),
  });
  gateway.functions.respond = () => ({ payload });
  return (await gateway.call('/x')).text;
};

const ASKED =
  '#set($v = $input.path("$.v"))#if($v == $null)null#end#if($v == "")empty#end#if($v != "a")other#end';

// Recorded on AWS, 18-06-2025, "input path template formatting".
test.each([
  ['what is not there', '{}', 'nullemptyother'],
  ['null', '{"v": null}', 'nullemptyother'],
  ['an empty list', '{"v": []}', 'other'],
  ['a text', '{"v": "a"}', ''],
])('%s in a comparison of a template', async (_, payload, expected) => {
  const text = await rendered(ASKED, payload);

  expect(text).toBe(expected);
});

// Recorded on AWS, 29-05-2025, "vtl map assignation".
test('a template puts what it likes into a map', async () => {
  const text = await rendered(
    '#set($m = $util.parseJson("{}"))$m.put("a", "1")#set($key = "b")#set($m[$key] = "2")$m.a$m.b',
    '{}',
  );

  expect(text).toBe('12');
});

// Recorded on AWS, 19-03-2025, "input body formatting".
test('a back end that answers nothing is an empty object for the response template', async () => {
  const text = await rendered('$input.body', '');

  expect(text).toBe('{}');
});

// Recorded on AWS, 20-03-2024 and 11-12-2024.
test.each([
  ['is called by GET', { httpMethod: 'GET' }],
  [
    'has a header field mapped that may not be mapped',
    { requestParameters: { 'integration.request.header.TE': "'gzip'" } },
  ],
])('a function that %s is a 500, and is not invoked', async (_, wrong) => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x', { integration: integration({ type: 'AWS_PROXY', ...wrong }) });

  const reply = await gateway.call('/x');

  expect(reply).toMatchObject({ status: 500, text: '{"message":"Internal server error"}' });
  expect(gateway.functions.invoked).toEqual([]);
});

// Recorded on AWS, 02-08-2024: other names keep the spelling of the client.
test('Authorization has one spelling, whatever the client sends', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x');

  await gateway.call('/x', { headers: { aUThorization: 'a', 'tEsT-HEADeR': 'b' } });

  expect(gateway.functions.event().headers).toMatchObject({ Authorization: 'a', 'tEsT-HEADeR': 'b' });
});

// Recorded on AWS, 07-08-2024.
test('the trace of a client that names its segment comes back as it was', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x');
  const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';

  const { headers } = await gateway.call('/x', { headers: { 'X-Amzn-Trace-Id': trace } });

  expect(headers['x-amzn-trace-id']).toBe(trace);
});
