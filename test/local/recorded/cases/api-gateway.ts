import { at, listAt, pythonJson, type Replay, type Scripts, textAt } from '../replay.ts';
import { ApiSteps, type Reply } from '../wire/api.ts';
import { SqsSteps } from '../wire/sqs.ts';
import { KinesisSteps } from './kinesis.ts';

const JSON_TYPE = 'application/json';
const SHARD = 'shardId-000000000000';
const success = { selectionPattern: '2\\d{2}' };
const ok = '{ "statusCode": 200 }';

const json = ({ text }: Reply): unknown => JSON.parse(text);

const mock = (replay: Replay, path: string, request: string, response?: string) =>
  new ApiSteps(replay).method(`GET ${path}`, { type: 'MOCK', requestTemplates: { [JSON_TYPE]: request } }, [
    { ...success, templates: response === undefined ? {} : { [JSON_TYPE]: response } },
  ]);

const CHOOSING = `
#set($body = $util.parseJson($context.requestOverride.path.body))
#set($inputBody = $body.message)
#if($inputBody == "path1")
{ "response": "path was path one" }
#elseif($inputBody == "path2")
{ "response": "path was path two" }
#else
{ "response": "this is the else clause" }
#end`;

const OVERRIDING = `
#set($context.responseOverride.status = 444)
#set($context.responseOverride.header.foo = "bar")
#set($context.responseOverride.custom = "is also passed around")
${ok}`;

const OVERRIDDEN = `
#set($statusOverride = $context.responseOverride.status)
#set($fooHeader = $context.responseOverride.header.foo)
#set($custom = $context.responseOverride.custom)
{ "statusOverride": "$statusOverride", "fooHeader": "$fooHeader", "custom": "$custom" }`;

const ASSIGNING = `
#set($paramName = "foo")
#set($context.requestOverride.querystring[$paramName] = "bar")
#set($paramPutName = "putfoo")
$context.requestOverride.querystring.put($paramPutName, "putBar")
#set($context["requestOverride"].querystring["nestedfoo"] = "nestedFoo")
${ok}`;

const ASSIGNED = `
#set($value = $context.requestOverride.querystring["foo"])
#set($value2 = $context.requestOverride.querystring["putfoo"])
#set($value3 = $context.requestOverride.querystring["nestedfoo"])
{ "value": "$value", "value2": "$value2", "value3": "$value3" }`;

/** An API that sends to a queue, by the mapping template given. */
const toQueue = async (replay: Replay, path: string, template: string, response?: string) => {
  const sqs = new SqsSteps(replay, 'json');
  const queue = await sqs.queue();
  const { region, account } = replay.cloud;
  const api = new ApiSteps(replay);
  api.method(
    `POST ${path}`,
    {
      uri: `arn:aws:apigateway:${region}:sqs:path/${account}/${queue.split('/').at(-1)}`,
      credentials: api.roleArn,
      passthrough: 'NEVER',
      requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
      requestTemplates: { [JSON_TYPE]: template },
    },
    [{ templates: response === undefined ? {} : { [JSON_TYPE]: response } }],
  );
  return { sqs, queue, api };
};

const posted = (body: string, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': JSON_TYPE, ...headers },
});

const SEND = 'Action=SendMessage&MessageBody=$input.body';

const kinesisTemplates = (StreamName: string): Readonly<Record<string, string>> => ({
  PutRecord: `{ "StreamName": "${StreamName}", "Data": "$util.base64Encode($input.body)", "PartitionKey": "test" }`,
  PutRecords: `
#set($records = $input.path('$.records'))
{ "StreamName": "${StreamName}",
  "Records": [
#foreach($elem in $records)
    { "Data": "$util.base64Encode($elem.data)", "PartitionKey": "20" }#if($foreach.hasNext),#end
#end
  ] }`,
});

/** Integrations of API Gateway that need no function. */
export const integrations: Scripts = {
  test_integration_mock_with_request_overrides_in_response_template: async (replay) => {
    const taking = `#set($body = $util.base64Decode($input.params('testPath')))
#set($context.requestOverride.path.body = $body)
${ok}`;
    const api = mock(replay, '/{testPath}', taking, CHOOSING);
    const ask = async (message: string) =>
      json(await api.call(`/${Buffer.from(pythonJson({ message })).toString('base64')}`));
    replay.note('invoke-path1', await ask('path1'));
    replay.note('invoke-path2', await ask('path2'));
    replay.note('invoke-path-else', await ask('whatever'));
  },
  test_integration_mock_with_response_override_in_request_template: async (replay) => {
    const shown = replay.parameters === 'True';
    const reply = await mock(replay, '/', OVERRIDING, shown ? OVERRIDDEN : undefined).call('/');
    if (reply.headers.get('foo') !== 'bar') throw new Error('the header was not overridden');
    replay.note('response', { body: shown ? json(reply) : `b'${reply.text}'`, status_code: reply.status });
  },
  test_integration_mock_with_vtl_map_assignation: async (replay) => {
    const reply = await mock(replay, '/', ASSIGNING, ASSIGNED).call('/');
    replay.note('response', { body: json(reply), status_code: reply.status });
  },
  test_routing_not_found: async (replay) => {
    const api = mock(replay, '/existing', ok, '{ "statusCode": 200, "message": "exists" }');
    const refused = (reply: Reply) => ({
      content: json(reply),
      errorType: reply.headers.get('x-amzn-errortype'),
    });
    replay.note('working-route', json(await api.call('/existing')));
    replay.note('not-found', refused(await api.call('/random-non-existing')));
    replay.note('wrong-method', refused(await api.call('/existing', { method: 'POST' })));
  },
  test_apigateway_to_kinesis: async (replay) => {
    const kinesis = new KinesisSteps(replay);
    const { name: StreamName } = await kinesis.stream();
    const action = replay.parameters;
    const api = new ApiSteps(replay);
    api.method(
      'POST /test',
      {
        uri: `arn:aws:apigateway:${replay.cloud.region}:kinesis:action/${action}`,
        credentials: api.roleArn,
        requestTemplates: { [JSON_TYPE]: kinesisTemplates(StreamName)[action] ?? '' },
      },
      [{}],
    );
    const start = { StreamName, ShardId: SHARD, ShardIteratorType: 'LATEST' };
    const ShardIterator = textAt(await kinesis.call('GetShardIterator', start), 'ShardIterator');
    const records = [1, 2, 3].map((number) => ({ data: `{"foo": "bar${number}"}` }));
    const body = action === 'PutRecord' ? { kinesis: 'snapshot' } : { records };
    replay.note('apigateway_response', json(await api.call('/test', posted(pythonJson(body)))));
    const read = await kinesis.call('GetRecords', { ShardIterator });
    const Records = listAt(read, 'Records').map((record) => ({
      ...Object.fromEntries(Object.entries(record ?? {})),
      Data: `b'${Buffer.from(textAt(record, 'Data'), 'base64')}'`,
    }));
    replay.note('kinesis_records', { ...read, Records });
  },
  test_sqs_aws_integration: async (replay) => {
    const { sqs, queue, api } = await toQueue(replay, '/sqs', SEND, '{"message": "great success!"}');
    const sent = await api.call('/sqs', posted('{"foo": "bar"}'));
    replay.note('sqs-aws-integration-with-payload', json(sent));
    replay.note('sqs-aws-integration-without-payload', json(await api.call('/sqs', { method: 'POST' })));
    replay.note('sqs-messages', await sqs.collect(queue, 2));
  },
  test_sqs_request_and_response_xml_templates_integration: async (replay) => {
    const response = `
#set($responseBody = $input.path('$.SendMessageResponse'))
#set($requestId = $input.path('$.SendMessageResponse.ResponseMetadata.RequestId'))
#set($messageId = $responseBody.SendMessageResult.MessageId)
{ "requestId": "$requestId", "messageId": "$messageId" }`;
    const { api } = await toQueue(replay, '/sqs', SEND, response);
    replay.note('sqs-json-response', json(await api.call('/sqs', posted('<xml>Hello World</xml>'))));
  },
  test_sqs_aws_integration_with_message_attribute: async (replay) => {
    const name = replay.parameters;
    const value = `${name}.1.Value`;
    const attribute = `&${name}.1.Name=user-agent&${value}.DataType=String&${value}.StringValue=$input.params('HeaderFoo')`;
    const { sqs, queue, api } = await toQueue(replay, '/', `${SEND}${attribute}`);
    await api.call('/', posted('{"foo": "bar"}', { HeaderFoo: 'BAR-Header' }));
    const received = await sqs.receive(queue, { MessageAttributeNames: ['All'], WaitTimeSeconds: 2 });
    replay.note('sqs-message-body', at(received, 'Messages', 0, 'Body'));
    replay.note('sqs-message-attributes', at(received, 'Messages', 0, 'MessageAttributes'));
  },
};
