import type { Replay, Scripts } from '../replay.ts';
import { ApiSteps, type SpelledReply } from '../wire/api.ts';
import { LambdaSteps } from '../wire/lambda.ts';
import { ANSWERS_EVENT, proxied } from './api-gateway-functions.ts';

/** What the client sends, by header field; what the integration maps onto it. */
const fields: Readonly<Record<string, readonly [sent: string | undefined, mapped: string]>> = {
  Accept: ['application/json', "'text/html'"],
  'Accept-Charset': ['UTF-8', "'UTF-16'"],
  'Accept-Encoding': ['br', "'zstd'"],
  Age: ['request_Age', "'request_params_age'"],
  Authorization: ['Unauthorized', "'request_params_authorization'"],
  Connection: ['close', "'keep-alive'"],
  'Content-Encoding': ['deflate', "'compress'"],
  'Content-Length': [undefined, "'0'"],
  'Content-MD5': ['request_Content-MD5', "'request_params_Content-MD5'"],
  'Content-Type': ['application/json', "'application/json'"],
  Date: ['request_Date', "'request_params_Date'"],
  Expect: ['100-continue', "'200-ok'"],
  Host: [undefined, 'method.request.header.Host'],
  'Max-Forwards': ['2', "'2'"],
  Pragma: ['cache', "'no-cache'"],
  'Proxy-Authenticate': ['Basic', `'Basic realm="Access to the internal site"'`],
  Range: ['bytes=500-999', "'bytes=0-499'"],
  Referer: ['https://example.com/', "'https://example.com/page'"],
  Server: ['https://example.com/', "'https://example.com/page'"],
  TE: ['deflate', "'gzip'"],
  'Transfer-Encoding': ['chunked', "'deflate'"],
  Trailer: ['Expires', "'user-agent'"],
  Upgrade: ['HTTP/2.0', "'HTTP/2.0'"],
  'User-Agent': ['localStack/0.0', "'Override-Agent'"],
  Via: ['p.example.net', "'othersite.net'"],
  Warn: ['299 localStack/0.0', `'110 anderson/1.3.37 "Response is stale"'`],
  'WWW-Authenticate': ['Basic YWxhZGRpbjpvcGVuc2VzYW1l', "'Basic YWxhZGRpbjpvcGVuc2VzYW1l'"],
};

const names = Object.keys(fields);

/** A mapping onto one of them fails the whole request. */
const refused = [
  'Content-Length',
  'Transfer-Encoding',
  'Authorization',
  'Connection',
  'Expect',
  'Proxy-Authenticate',
  'TE',
];

const mapping = (name: string): readonly [string, string] => [
  `integration.request.header.${name}`,
  fields[name]?.[1] ?? '',
];

/** All of a reply, as the recorded test kept it. */
const kept = ({ text, fields: headers }: SpelledReply, whole: boolean) => {
  const body = whole ? JSON.parse(text).body : text;
  return { 'response-headers': headers, body, ...(whole && { headers: JSON.parse(text).headers }) };
};

const remapping = async (replay: Replay) => {
  const api = new ApiSteps(replay, 'test');
  const uri = api.functionUri(await new LambdaSteps(replay).function(ANSWERS_EVENT));
  const type = replay.parameters === 'AWS' ? 'AWS' : 'AWS_PROXY';
  const integration = { type, uri, credentials: api.roleArn } as const;
  const define = (path: string, mapped: readonly string[], more = {}, parameters = {}) =>
    api.method(
      `GET /${path}`,
      { ...integration, requestParameters: Object.fromEntries(mapped.map(mapping)), ...more },
      [{ parameters }],
    );
  define('no-param', []);
  define(
    'full',
    names.filter((name) => !refused.includes(name)),
    {
      requestTemplates: {
        'application/json': `{${names.map((name) => `"${name}": "$input.params('${name}')"`).join(',')}}`,
      },
    },
    Object.fromEntries(names.map((name) => [`method.response.header.${name}`, `'response_param_${name}'`])),
  );
  for (const name of refused) define(name.toLowerCase(), [name]);
  return api;
};

/** Which header fields pass the gateway, in both directions; and the trace that goes with them. */
export const headerFields: Scripts = {
  test_apigateway_header_remapping_aws: async (replay) => {
    const api = await remapping(replay);
    const headers = Object.fromEntries(
      names.flatMap((name) => (fields[name]?.[0] === undefined ? [] : [[name, fields[name][0]]])),
    );
    replay.note('apigw-id', api.id);
    replay.note('no-param-integration', kept(await api.send('/no-param', { headers }), true));
    replay.note('full-integration', kept(await api.send('/full', { headers }), true));
    for (const name of refused.map((field) => field.toLowerCase()))
      replay.note(name, kept(await api.send(`/${name}`, { headers }), false));
  },
  test_invocation_trace_id: async (replay) => {
    const { api } = await proxied(replay, 'dev', ANSWERS_EVENT);
    const statusOnly = { 'application/json': '{"statusCode": 200}' };
    api.method('GET /path', { type: 'MOCK', requestTemplates: statusOnly }, [{ templates: statusOnly }]);
    const ask = async (path: string, trace?: string) => {
      const reply = await api.send(path, {
        headers: { Connection: 'keep-alive', ...(trace !== undefined && { 'x-amzn-trace-id': trace }) },
      });
      return Object.fromEntries(
        Object.entries(reply.fields).map(([name, value]) => [name.toLowerCase(), value]),
      );
    };
    const root = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8';
    const whole = `${root};Parent=7fa8c0f79203be72;Sampled=1`;
    replay.note('register-lambda', {
      FunctionName: 'traced',
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:traced',
    });
    replay.note('normal-req-headers-MOCK', await ask('/path'));
    replay.note('trace-id-req-headers-MOCK', await ask('/path', whole));
    replay.note('normal-req-headers-AWS_PROXY', await ask('/proxy-value'));
    const given = await ask('/proxy-value', whole);
    if (!given['x-amzn-trace-id']?.includes(whole))
      throw new Error(`the trace became ${given['x-amzn-trace-id']}`);
    replay.note('trace-id-req-headers-AWS_PROXY', given);
    const begun = await ask('/proxy-value', root);
    const [first, second] = begun['x-amzn-trace-id']?.split(';') ?? [];
    if (first !== root || !second?.startsWith('Parent=')) throw new Error('the trace has got no parent');
    replay.note('trace-id-small-req-headers-AWS_PROXY', begun);
  },
};
