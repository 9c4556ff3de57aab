import { GatewayUnderTest, integration } from './gateway-under-test.ts';

const respond = (template?: string, statusCode = 200, selectionPattern?: string) => ({
  statusCode,
  parameters: {},
  templates: template === undefined ? {} : { 'application/json': template },
  ...(selectionPattern !== undefined && { selectionPattern }),
});

/** A mock that answers what a template makes of the request's body, by way of a request template. */
const mockWith = (request: string, ...responses: ReturnType<typeof respond>[]) => ({
  responses: [200, 204, 400, 404],
  integration: integration({
    type: 'MOCK',
    requestTemplates: { 'application/json': request },
    responses: responses.length > 0 ? responses : [respond('$input.body')],
  }),
});

/** The answer of a function, given back through a response template. */
const rendered = async (template: string, result: unknown, path = '/x?q=v') => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /x', {
    integration: integration({ type: 'AWS', responses: [respond(template)] }),
  });
  gateway.functions.respond = () => ({ payload: JSON.stringify(result) });
  return (await gateway.call(path)).text;
};

test('a CORS preflight as CDK writes it is answered without any back end', async () => {
  await using gateway = new GatewayUnderTest();
  gateway.method('OPTIONS /x', {
    responses: [204],
    integration: integration({
      type: 'MOCK',
      requestTemplates: { 'application/json': '{ statusCode: 200 }' },
      responses: [
        {
          statusCode: 204,
          parameters: {
            'method.response.header.Access-Control-Allow-Origin': "'*'",
            'method.response.header.Access-Control-Allow-Methods': "'OPTIONS,GET'",
          },
          templates: {},
        },
      ],
    }),
  });

  const reply = await gateway.call('/x', { method: 'OPTIONS' });

  expect(reply).toMatchObject({ status: 204, text: '' });
  expect(reply.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'OPTIONS,GET',
  });
});

test('the status of a mock selects its response, and an override in the request template wins', async () => {
  await using gateway = new GatewayUnderTest();
  gateway
    .method(
      'GET /missing',
      mockWith('{"statusCode":404}', respond('default'), respond('none', 404, '4\\d{2}')),
    )
    .method(
      'GET /override',
      mockWith(
        '#set($context.responseOverride.status = 444)#set($context.responseOverride.header.foo = "bar")#set($context.custom = "passed on"){"statusCode":200}',
        respond('{"custom":"$context.custom","status":"$context.responseOverride.status"}'),
      ),
    );

  const missing = await gateway.call('/missing');
  const override = await gateway.call('/override');

  expect(missing).toMatchObject({ status: 404, text: 'none' });
  expect(override).toMatchObject({ status: 444, text: '{"custom":"passed on","status":"444"}' });
  expect(override.headers.foo).toBe('bar');
});

test.each([
  ['$input.path("$")', { foo: 'bar' }, '{foo=bar}'],
  ['$input.path("$")', [{ foo: 'bar' }], '[{"foo":"bar"}]'],
  ['$input.path("$")', { foo: [{ nested: 'bar' }] }, '{foo=[{"nested":"bar"}]}'],
  ['$input.path("$.nothing")|$nothing|$input.body.nothing', {}, '||'],
  ['$input.json("$.a")', { a: { b: 1 } }, '{"b":1}'],
  ['$input.json("$.nothing")', {}, '""'],
  ['$input.json("$.list[*].id")', { list: [{ id: 1 }, { id: 2 }] }, '[1,2]'],
  ["$util.urlEncode($input.json('$.a'))", { a: 'x y&z=(1)' }, '%22x+y%26z%3D%281%29%22'],
  ['$util.escapeJavaScript($input.path("$.a"))', { a: `"'\n\\é` }, `\\"\\'\\n\\\\\\u00E9`],
  ['$util.base64Decode($util.base64Encode($input.path("$.a")))', { a: 'ä' }, 'ä'],
  ['$util.parseJson($input.path("$.a")).b', { a: '{"b":5}' }, '5'],
  [
    '#foreach($e in $input.path("$.l"))$e.x#if($foreach.hasNext),#end#end',
    { l: [{ x: 1 }, { x: 2 }] },
    '1,2',
  ],
  ['$input.params("q") $input.params().querystring.get("q") $input.params("nothing")', {}, 'v v '],
  ['$input.path("$").get("size")', { size: 'data, not a method' }, 'data, not a method'],
  ['$input.path("$.a").replaceAll("b", "c").length()', { a: 'abb' }, '3'],
  ['$context.identity|$context.httpMethod|$context.identity.user', {}, '|GET|'],
  ['#set($m = {"a": {"b": "nested"}})#set($r = $m.put("k", "v"))$m.a.b $m.k', {}, 'nested v'],
])('a template %s renders as on AWS', async (template, body, expected) => {
  expect(await rendered(template, body)).toBe(expected);
});

test('data that looks like a template stays data', async () => {
  const hostile = '#set($x = 1)$context.apiId $!{input.body} #stop';

  expect(await rendered('$input.path("$.a")', { a: hostile })).toBe(hostile);
});

describe('a content type without a template', () => {
  test.each([
    ['NEVER', 415],
    ['WHEN_NO_TEMPLATES', 415],
    ['WHEN_NO_MATCH', 200],
  ] as const)('is answered with passthrough %s by %i', async (passthrough, status) => {
    await using gateway = new GatewayUnderTest();
    gateway.method('POST /x', {
      integration: integration({
        type: 'AWS',
        passthrough,
        requestTemplates: { 'application/json': '{}' },
        responses: [respond()],
      }),
    });

    const headers = { 'content-type': 'text/plain' };
    const reply = await gateway.call('/x', { method: 'POST', headers, body: '"text"' });

    expect(reply.status).toBe(status);
    expect(gateway.functions.invoked.map(({ payload }) => payload)).toEqual(status === 200 ? ['"text"'] : []);
  });
});

describe('a custom Lambda integration', () => {
  const failing = {
    payload: '{"errorMessage":"Error: four hundred","errorType":"Error"}',
    functionError: 'Unhandled',
  };

  test('selects its response by the error message, as a whole', async () => {
    await using gateway = new GatewayUnderTest();
    const responses = [
      respond(),
      respond('{"why":"$input.path(\'$.errorMessage\')"}', 400, '.*four hundred.*'),
    ];
    gateway.method('GET /x', { responses: [200, 400], integration: integration({ type: 'AWS', responses }) });
    gateway.functions.respond = () => failing;

    const reply = await gateway.call('/x');

    expect(reply).toMatchObject({ status: 400, text: '{"why":"Error: four hundred"}' });
  });

  test('may be selected by a pattern that begins with flags, as those of Java may', async () => {
    await using gateway = new GatewayUnderTest();
    const responses = [respond(), respond('told', 400, '(?i)error: FOUR.*')];
    gateway.method('GET /x', { responses: [200, 400], integration: integration({ type: 'AWS', responses }) });
    gateway.functions.respond = () => failing;

    const reply = await gateway.call('/x');

    expect(reply).toMatchObject({ status: 400, text: 'told' });
  });

  test('answers a failure that no pattern knows as 200: tight patterns are the API author’s duty, as on AWS', async () => {
    await using gateway = new GatewayUnderTest();
    const responses = [respond(), respond('x', 400, 'four hundred')];
    gateway.method('GET /x', { responses: [200, 400], integration: integration({ type: 'AWS', responses }) });
    gateway.functions.respond = () => failing;

    const reply = await gateway.call('/x');

    expect(reply.status).toBe(200);
  });

  test('is not called with what is no JSON: that is a bad request', async () => {
    await using gateway = new GatewayUnderTest();
    gateway.method('POST /x', {
      integration: integration({
        type: 'AWS',
        requestTemplates: { 'application/json': '{"name": ' },
        responses: [respond()],
      }),
    });

    const reply = await gateway.call('/x', { method: 'POST', body: '{}' });

    expect(reply.status).toBe(400);
    expect(reply.headers['x-amzn-errortype']).toBe('BadRequestException');
    expect(gateway.functions.invoked).toEqual([]);
  });

  test('gives the function what its template renders', async () => {
    await using gateway = new GatewayUnderTest();
    gateway.method('POST /x/{id}', {
      integration: integration({
        type: 'AWS',
        requestTemplates: {
          'application/json':
            '{"id":"$input.params(\'id\')","body":$input.json("$"),"v":"$stageVariables.v"}',
        },
        responses: [respond()],
      }),
    });
    gateway.stage({ variables: { v: 'one' } });

    await gateway.call('/x/7', { method: 'POST', body: '{"a":1}' });

    expect(gateway.functions.event()).toEqual({ id: '7', body: { a: 1 }, v: 'one' });
  });

  test('without any response that fits is a 500', async () => {
    await using gateway = new GatewayUnderTest();
    gateway.method('GET /x', { integration: integration({ type: 'AWS', responses: [] }) });

    const reply = await gateway.call('/x');

    expect(reply).toMatchObject({ status: 500, text: '{"message":"Internal server error"}' });
  });

  test('whose response the method does not declare is a 500', async () => {
    await using gateway = new GatewayUnderTest();
    gateway.method('GET /x', {
      responses: [],
      integration: integration({ type: 'AWS', responses: [respond()] }),
    });

    const reply = await gateway.call('/x');

    expect(reply.status).toBe(500);
  });
});
