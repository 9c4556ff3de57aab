import { CONTROL_PLANE } from '../out-of-scope.ts';
import { pythonJson, type Replay, type Scripts } from '../replay.ts';
import { ApiSteps } from '../wire/api.ts';
import { asPython, LambdaSteps } from '../wire/lambda.ts';

const JSON_TYPE = 'application/json';

/** What many of the recorded tests called: a function that answers its own event. */
export const ANSWERS_EVENT =
  'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event), isBase64Encoded: false });';

const json = ({ text }: { readonly text: string }): unknown => JSON.parse(text);

/** An API with a function that one of its methods calls. */
const calling = async (replay: Replay, stage: string, code: string) => {
  const api = new ApiSteps(replay, stage);
  const uri = api.functionUri(await new LambdaSteps(replay).function(code));
  return { api, integration: { uri, credentials: api.roleArn } };
};

/** An API whose greedy resource hands everything to a function. */
export const proxied = async (replay: Replay, stage: string, code: string, more = {}) => {
  const { api, integration } = await calling(replay, stage, code);
  api.method('ANY /{proxy+}', { ...integration, type: 'AWS_PROXY', ...more }, []);
  return { api, integration };
};

const FIELDS = {
  'User-Agent': 'python-requests/testing',
  'Accept-Encoding': 'gzip, deflate',
  Accept: '*/*',
};

const PARAMETERS =
  'dateTimeOffset=2023-06-12T18:05:10.123456+00:00&email=test%2Balias@gmail.com&plus=test+alias@gmail.com' +
  '&url=https://www.google.com/&whitespace=foo%20bar&zhash=abort/';

const PICKED = 'category=electronics&category=books&price=10&price=20&price=30';

const REQUEST_TEMPLATE = `
#set($allParams = $input.params())
#set($querystring = $allParams.get('querystring'))
#set($header = $allParams.get('header'))
{
  "apiContext": { "apiId": "$context.apiId", "sourceIp": "$context.identity.sourceIp" },
  "querystring": {
#foreach($name in $querystring.keySet())
    "$name": "$util.escapeJavaScript($querystring.get($name))"#if($foreach.hasNext),#end
#end
  },
  "header": {
#foreach($name in $header.keySet())
    "$name": "$util.escapeJavaScript($header.get($name))"#if($foreach.hasNext),#end
#end
  },
  "body": $input.json('$')
}`;

const RESPONSE_TEMPLATE = `
#set($inputRoot = $input.path('$'))
$input.json("$")
#if($inputRoot.toString().contains("customerror"))
    #set($context.responseOverride.status = 400)
#else
    #set($context.responseOverride.status = 202)
#end`;

const ENCODED = Buffer.from('test-data').toString('base64');

/** What a function answers behind `AWS_PROXY`, and the status that comes of it. */
const payloads: Readonly<Record<string, readonly [unknown, number]>> = {
  'no-body': [{ statusCode: 200 }, 200],
  'with-headers': [{ statusCode: 200, headers: { 'test-header': 'value', 'header-bool': true } }, 200],
  'with-headers-null': [{ statusCode: 200, headers: null }, 200],
  'wrong-format': [{ statusCode: 200, wrongValue: 'value' }, 502],
  'empty-response': [undefined, 502],
  'b64-encoded-true': [{ statusCode: 200, body: ENCODED, isBase64Encoded: true }, 200],
  'b64-encoded-false': [{ statusCode: 200, body: ENCODED }, 200],
  'multi-headers-valid': [
    { statusCode: 200, multiValueHeaders: { 'test-multi': ['value1', 'value2'] } },
    200,
  ],
  'multi-headers-overwrite': [
    {
      statusCode: 200,
      multiValueHeaders: { 'test-multi': ['value-multi'] },
      headers: { 'test-multi': 'value-solo' },
    },
    200,
  ],
  'multi-headers-overwrite-casing': [
    {
      statusCode: 200,
      multiValueHeaders: { 'tesT-Multi': ['value-multi'] },
      headers: { 'test-multi': 'value-solo' },
    },
    200,
  ],
  'multi-headers-invalid': [{ statusCode: 200, multiValueHeaders: { 'test-multi-invalid': 'value1' } }, 502],
  'invalid-status-code': [{ statusCode: 'test' }, 502],
  'status-code-str': [{ statusCode: '201' }, 201],
  'just-string': ['justAString', 502],
  'only-headers': [{ headers: { 'test-header': 'value' } }, 200],
};

/** Those of whose replies the header fields were recorded, too. */
const withFields = new Set([
  'with-headers',
  'with-headers-null',
  'multi-headers-valid',
  'multi-headers-overwrite',
  'multi-headers-overwrite-casing',
]);

/** Functions behind an API, with their own answers (`AWS_PROXY`) and with mapped ones (`AWS`). */
export const functionIntegrations: Scripts = {
  test_lambda_aws_proxy_integration: async (replay) => {
    const { api, integration } = await proxied(replay, 'stage', ANSWERS_EVENT);
    api.method('ANY /hardcoded', { ...integration, type: 'AWS_PROXY' }, []);
    const headers = { ...FIELDS, 'tEsT-HEADeR': 'aValUE', authorization: 'random-value' };
    const asked: Readonly<Record<string, string>> = {
      'without-trailing-slash': '/proxy-value',
      'with-trailing-slash': '/proxy-value/',
      'with-double-slash': '/proxy-value//double-slash',
      // On its own host an API may be asked for with more slashes before the stage: here other APIs stand beside it.
      'with-prepended-slash-to-stage': '/proxy-value',
      'with-prepended-slash': '//proxy-value',
      'without-trailing-slash-and-query-params': '/proxy-value?urlparam=test',
      'with-trailing-slash-and-query-params': '/proxy-value/?urlparam=test',
      'with-path-encoded-email': '/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com',
      'with-params-encoding': `/proxy-value/api?${PARAMETERS}`,
    };
    const event = async (path: string, init: object) =>
      JSON.parse(api.asOnItsOwnHost((await api.send(path, init)).text));
    for (const [label, path] of Object.entries(asked))
      replay.note(`invocation-payload-${label}`, await event(path, { headers }));
    const posted = {
      method: 'POST',
      body: pythonJson({ message: 'hello world' }),
      headers: {
        ...FIELDS,
        'Content-Type': 'application/json;charset=utf-8',
        aUThorization: 'Bearer token123;API key456',
      },
    };
    replay.note(
      'invocation-payload-with-params-encoding-multi',
      await event(`/proxy-value?${PICKED}`, posted),
    );
    replay.note('invocation-hardcoded', await event('//hardcoded', { headers }));
  },
  test_lambda_aws_proxy_integration_non_post_method: async (replay) => {
    const { api } = await proxied(replay, 'test', ANSWERS_EVENT, { httpMethod: 'GET' });
    replay.note('invocation-payload-with-get-proxy-method', json(await api.send('/test-path')));
  },
  test_lambda_aws_proxy_integration_request_data_mapping: async (replay) => {
    const { api, integration } = await calling(replay, 'test', ANSWERS_EVENT);
    const requestParameters = {
      'integration.request.header.headerVar': 'method.request.header.foobar',
      'integration.request.path.qsVar': 'method.request.querystring.testVar',
      'integration.request.querystring.testQs': 'method.request.querystring.testQueryString',
      'integration.request.querystring.testEmptyQs': 'method.request.header.emptyheader',
    };
    api.method('ANY /{pathVariable}', { ...integration, type: 'AWS_PROXY', requestParameters }, []);
    const reply = await api.send('/foobar?testQueryString=foo&testVar=bar', {
      method: 'POST',
      body: pythonJson({ message: 'hello world' }),
      headers: {
        'Accept-Encoding': 'gzip, deflate',
        'Content-Type': JSON_TYPE,
        Accept: JSON_TYPE,
        foobar: 'mapped-value',
        'user-Agent': 'test/integration',
        headerVar: 'request-value',
      },
    });
    replay.note('api_id', { rest_api_id: api.id });
    replay.note('http-proxy-invocation-data-mapping', {
      content: JSON.parse(api.asOnItsOwnHost(reply.text)),
      status_code: reply.status,
    });
  },
  test_lambda_aws_integration: async (replay) => {
    const { api, integration } = await calling(
      replay,
      'api',
      'export const handler = async (event) => event;',
    );
    api.method('POST /test', integration, [{}]);
    replay.leave(
      CONTROL_PLANE,
      'put-method',
      'put-integration',
      'put-integration-response',
      'put-method-response',
    );
    const body = pythonJson({ message: 'hello world' });
    replay.note('lambda-aws-integration', json(await api.send('/test', { method: 'POST', body })));
  },
  test_lambda_aws_integration_with_request_template: async (replay) => {
    const { api, integration } = await calling(
      replay,
      'api',
      'export const handler = async (event) => event;',
    );
    const requestTemplates = { [JSON_TYPE]: '{"param1": "$input.params(\'param1\')"}' };
    api.method('GET /test', { ...integration, requestTemplates }, [{}]);
    const puts = ['put-method', 'put-integration', 'put-integration-response', 'put-method-response'];
    replay.leave(CONTROL_PLANE, ...puts, 'delete-integration', 'get-integration-after-delete');
    replay.note('lambda-aws-integration-1', json(await api.send('/test?param1=foobar')));
    replay.note('lambda-aws-integration-2', json(await api.send('/test?param1=foobar&Signature=1')));
  },
  test_lambda_selection_patterns: async (replay) => {
    const { api, integration } = await calling(
      replay,
      'dev',
      `export const handler = async ({ statusCode }) => {
        if (statusCode === '400') throw new Error('Error: Raising four hundred from within the Lambda function');
        if (statusCode === '500') throw new Error('Error: Raising five hundred from within the Lambda function');
        return 'Pass';
      };`,
    );
    const requestTemplates = { [JSON_TYPE]: '{"statusCode": "$input.params(\'statusCode\')"}' };
    api.method('GET /{statusCode}', { ...integration, requestTemplates }, [
      {},
      { statusCode: 405, selectionPattern: '.*four hundred.*' },
      { statusCode: 502, selectionPattern: '.+' },
      { statusCode: 504, selectionPattern: '200' },
    ]);
    for (const [asked, expected] of [
      [200, 200],
      [400, 405],
      [500, 502],
    ]) {
      const reply = await api.send(`/${asked}`);
      if (reply.status !== expected) throw new Error(`${asked} was answered with ${reply.status}`);
      replay.note(`lambda-selection-pattern-${asked}`, asPython(json(reply)));
    }
  },
  test_lambda_aws_integration_response_with_mapping_templates: async (replay) => {
    const { api, integration } = await calling(
      replay,
      'api',
      `export const handler = async ({ body }) =>
        ({ statusCode: 200, body: Number(body.httpStatus) >= 400 ? 'customerror' : 'noerror' });`,
    );
    api.method('POST /test', { ...integration, requestTemplates: { [JSON_TYPE]: REQUEST_TEMPLATE } }, [
      { templates: { [JSON_TYPE]: RESPONSE_TEMPLATE } },
    ]);
    const ask = async (body: object) => {
      const init = { method: 'POST', body: pythonJson(body), headers: { 'Content-Type': JSON_TYPE } };
      const reply = await api.send('/test', init);
      return { statusCode: reply.status, body: json(reply) };
    };
    replay.note('response-template-202', await ask({ httpStatus: '200' }));
    replay.note('response-template-400', await ask({ httpStatus: '400', errorMessage: 'Test Bad request' }));
  },
  test_aws_proxy_response_payload_format_validation: async (replay) => {
    const { api } = await proxied(
      replay,
      'test',
      'export const handler = async ({ body }) => JSON.parse(body);',
    );
    for (const [label, [answer, status]] of Object.entries(payloads)) {
      const sent = answer === undefined ? '' : pythonJson(answer);
      const headers = { 'User-Agent': 'python/test', Connection: 'keep-alive' };
      const reply = await api.send('/test', { method: 'POST', body: sent, headers });
      if (reply.status !== status) throw new Error(`${label}: ${reply.status}`);
      const content = reply.text.startsWith('{') ? json(reply) : reply.text;
      replay.note(`invoke-api-${label}`, {
        content,
        ...(withFields.has(label) && { headers: reply.fields }),
      });
    }
  },
};
