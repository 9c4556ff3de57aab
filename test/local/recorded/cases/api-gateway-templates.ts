import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { pythonJson, type Replay, type Scripts } from '../replay.ts';
import { ApiSteps } from '../wire/api.ts';
import { LambdaSteps } from '../wire/lambda.ts';
import { s3Client } from '../wire/s3.ts';
import { SqsSteps } from '../wire/sqs.ts';

const JSON_TYPE = 'application/json';
const RESULT = '#set($result = $input.path("$.json"))';

const WHAT_IT_IS =
  '{"body": $result, "nested": $result.nested, "isNull": #if( $result == $null )"true"#else"false"#end, "isEmptyString": #if( $result == "" )"true"#else"false"#end}';

const routes: Readonly<Record<string, string>> = {
  path: `${RESULT}$result`,
  nested: `${RESULT}$result.nested`,
  list: `${RESULT}$result[0]`,
  'to-string': `${RESULT}$result.toString()`,
  'invalid-path': `#set($result = $input.path("$.nonExisting"))${WHAT_IT_IS}`,
  'nested-list': `#set($result = $input.path("$.json.listValue"))${WHAT_IT_IS}`,
};

const asked: readonly (readonly [label: string, route: string, body?: unknown])[] = [
  ['dict-response', 'path', { foo: 'bar' }],
  ['json-list', 'path', [{ foo: 'bar' }]],
  ['nested-dict', 'nested', { nested: { foo: 'bar' } }],
  ['nested-list', 'nested', { nested: [{ foo: 'bar' }] }],
  ['dict-in-list', 'list', [{ foo: 'bar' }]],
  ['list-with-nested-list', 'list', [[{ foo: 'bar' }]]],
  ['dict-with-nested-list', 'path', { foo: [{ nested: 'bar' }] }],
  ['bigger-dict', 'path', { bigger: 'dict', to: 'test', with: 'separators' }],
  ['to-string', 'to-string', { foo: 'bar' }],
  ['list-to-string', 'to-string', { list: [{ foo: 'bar' }] }],
  ['empty-body', 'invalid-path'],
  ['nested-empty-list', 'nested-list', { listValue: [] }],
  ['nested-null-list', 'nested-list', { listValue: null }],
];

const RAW = '#set($result = $input.body)$result';
const IN_TEXT = 'Action=SendMessage&MessageBody=$input.body';

/** Request template and response template, by route. */
const bodies: Readonly<Record<string, readonly [string, string]>> = {
  'raw-body': [RAW, RAW],
  'str-body-input': [IN_TEXT, RAW],
  'str-body-output': [RAW, IN_TEXT],
  'str-body-all': [IN_TEXT, IN_TEXT],
  'body-attr-access': ['#set($result = $input.body.testAccess)$result', RAW],
  'url-encode': [
    'EncodedBody=$util.urlEncode($input.body)&EncodedBodyAccess=$util.urlEncode($input.body.testAccess)',
    RAW,
  ],
};

/** A back end that gives back what was put: an object of S3, written through one method and read through another. */
const echoing = async (replay: Replay) => {
  const Bucket = replay.name();
  await s3Client(replay).send(new CreateBucketCommand({ Bucket }));
  const api = new ApiSteps(replay, 'dev');
  for (const [route, [request, response]] of Object.entries(bodies)) {
    const object = {
      uri: `arn:aws:apigateway:${replay.cloud.region}:s3:path/${Bucket}/${route}`,
      credentials: api.roleArn,
    };
    const requestTemplates = { [JSON_TYPE]: request };
    api.method(`POST /${route}`, { ...object, httpMethod: 'PUT', requestTemplates }, [{}]);
    api.method(`GET /${route}`, { ...object, httpMethod: 'GET' }, [{ templates: { [JSON_TYPE]: response } }]);
  }
  return async (route: string, body: string) => {
    await api.send(`/${route}`, { method: 'POST', headers: { 'Content-Type': JSON_TYPE }, body });
    return `b'${(await api.send(`/${route}`)).text}'`;
  };
};

/** The message is all that the template can see of `$context`, as JSON in JSON. */
const CONTEXT = (QueueUrl: string): string => {
  const entries = (map: string, value = `${map}.get($key)`) =>
    `{#foreach( $key in ${map}.keySet() )\\"$key\\": \\"${value}\\"#if($foreach.hasNext),#end#end}`;
  const parts = [
    `\\"context\\": ${entries('$context')}`,
    `\\"identity\\": ${entries('$context.identity')}`,
    `\\"requestOverride\\": ${entries('$context.requestOverride')}`,
    `\\"responseOverride\\": ${entries('$context.responseOverride')}`,
    `\\"authorizer_keys\\": ${entries('$context.authorizer', '$util.escapeJavaScript($context.authorizer.get($key))')}`,
  ];
  return `{ "QueueUrl": "${QueueUrl}", "MessageBody": "{${parts.join(',')}}" }`;
};

/** What mapping templates see, and how it prints. */
export const mappingTemplates: Scripts = {
  test_input_path_template_formatting: async (replay) => {
    const api = new ApiSteps(replay, 'dev');
    const echo = await new LambdaSteps(replay).function(
      'export const handler = async (event) => ({ json: event });',
    );
    const integration = { uri: api.functionUri(echo), credentials: api.roleArn };
    for (const [route, template] of Object.entries(routes))
      api.method(`POST /${route}`, integration, [{ templates: { [JSON_TYPE]: template } }]);
    for (const [label, route, body] of asked) {
      const init = { method: 'POST', ...(body !== undefined && { body: pythonJson(body) }) };
      replay.note(label, (await api.send(`/${route}`, init)).text);
    }
  },
  test_input_body_formatting: async (replay) => {
    const echo = await echoing(replay);
    for (const route of Object.keys(bodies))
      replay.note(`response-${route}`, {
        'empty-body': await echo(route, ''),
        'json-body': await echo(route, pythonJson({ some: 'value' })),
        'str-body': await echo(route, 'some raw data'),
      });
  },
  test_sqs_amz_json_protocol: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    const queue = await sqs.queue();
    const api = new ApiSteps(replay);
    const { region, account } = replay.cloud;
    api.method(
      'POST /sqs',
      {
        uri: `arn:aws:apigateway:${region}:sqs:path/${account}/${queue.split('/').at(-1)}`,
        credentials: api.roleArn,
        passthrough: 'NEVER',
        requestParameters: {
          'integration.request.header.Content-Type': "'application/x-amz-json-1.0'",
          'integration.request.header.X-Amz-Target': "'AmazonSQS.SendMessage'",
        },
        requestTemplates: { [JSON_TYPE]: CONTEXT(queue) },
      },
      [
        { templates: { [JSON_TYPE]: '{"message": "great success!"}' } },
        { statusCode: 400, selectionPattern: '400', templates: { [JSON_TYPE]: '{"message": "failure :("}' } },
      ],
    );
    const sent = await api.send('/sqs', {
      method: 'POST',
      headers: { 'User-Agent': 'python/requests/tests' },
    });
    if (sent.status !== 200) throw new Error(sent.text);
    const messages = JSON.stringify(await sqs.collect(queue, 1));
    replay.note('sqs-messages', JSON.parse(api.asOnItsOwnHost(messages)));
  },
};
