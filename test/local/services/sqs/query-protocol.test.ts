import { XMLParser } from 'fast-xml-parser';
import { arnOf, startSqs } from './sqs-server.ts';

let sqs: Awaited<ReturnType<typeof startSqs>>;

beforeEach(async () => {
  sqs = await startSqs();
  await sqs.sqs.createQueue({ name: 'jobs', attributes: {} });
});

afterEach(() => sqs.close());

const post = async (form: string, accept = '*/*') => {
  const response = await fetch(`${sqs.endpoint}/000000000000/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept },
    body: form,
  });
  return { status: response.status, text: await response.text() };
};

const parse = (xml: string): unknown => new XMLParser({ processEntities: true }).parse(xml);

test('the form of an API Gateway integration sends a message, whose text stays data', async () => {
  const body = encodeURIComponent('{"a":"&DelaySeconds=900"}');
  const attribute = 'MessageAttribute.1.Name=agent&MessageAttribute.1.Value.StringValue=x';

  const sent = await post(
    `Action=SendMessage&MessageBody=${body}&${attribute}&MessageAttribute.1.Value.DataType=String`,
  );

  expect(sent.status).toBe(200);
  expect(parse(sent.text)).toMatchObject({
    SendMessageResponse: {
      SendMessageResult: { MessageId: expect.any(String), MD5OfMessageBody: expect.any(String) },
      ResponseMetadata: { RequestId: expect.any(String) },
    },
  });
  expect(sqs.sqs.peek(arnOf('jobs'), 10)).toMatchObject([
    {
      body: '{"a":"&DelaySeconds=900"}',
      messageAttributes: { agent: { dataType: 'String', stringValue: 'x' } },
      state: 'visible',
    },
  ]);
});

test('a client that accepts JSON gets the same answer in JSON', async () => {
  const { text } = await post('Action=SendMessage&MessageBody=a', 'application/json');

  expect(JSON.parse(text)).toMatchObject({
    SendMessageResponse: { SendMessageResult: { MessageId: expect.any(String) } },
  });
});

test('messages and attributes are received as repeated elements', async () => {
  await post('Action=SendMessage&MessageBody=%3Ca%26b%3E');

  const { text } = await post('Action=ReceiveMessage&MaxNumberOfMessages=10&AttributeName.1=SentTimestamp');

  expect(parse(text)).toMatchObject({
    ReceiveMessageResponse: {
      ReceiveMessageResult: {
        Message: { Body: '<a&b>', Attribute: { Name: 'SentTimestamp', Value: sqs.clock.now() } },
      },
    },
  });
});

test('a batch answers for each entry', async () => {
  const entry = (index: number, body: string) =>
    `SendMessageBatchRequestEntry.${index}.Id=e${index}&SendMessageBatchRequestEntry.${index}.MessageBody=${body}`;

  const { text } = await post(`Action=SendMessageBatch&${entry(1, 'ok')}&${entry(2, '%01')}`);

  expect(parse(text)).toMatchObject({
    SendMessageBatchResponse: {
      SendMessageBatchResult: {
        SendMessageBatchResultEntry: { Id: 'e1' },
        BatchResultErrorEntry: { Id: 'e2', Code: 'InvalidMessageContents', SenderFault: true },
      },
    },
  });
});

// recorded on AWS, 30-04-2024
test('a queue that is not there is refused in the older wording', async () => {
  const { status, text } = await post('Action=GetQueueUrl&QueueName=none');

  expect(status).toBe(400);
  expect(parse(text)).toMatchObject({
    ErrorResponse: {
      Error: {
        Type: 'Sender',
        Code: 'AWS.SimpleQueueService.NonExistentQueue',
        Message: 'The specified queue does not exist for this wsdl version.',
      },
    },
  });
});

test('an unknown action is refused by name', async () => {
  const { status, text } = await post('Action=Nothing');

  expect(status).toBe(400);
  expect(text).toContain('<Code>InvalidAction</Code>');
});
