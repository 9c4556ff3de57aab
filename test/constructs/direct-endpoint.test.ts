import { Match } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { DirectEndpoint } from '../../lib/constructs/direct-endpoint.ts';
import { toQueue, toStream } from '../../lib/constructs/direct-targets.ts';
import { EventStream } from '../../lib/constructs/event-stream.ts';
import { ServiceApi } from '../../lib/constructs/service-api.ts';
import { WorkQueue } from '../../lib/constructs/work-queue.ts';
import { renderTemplate } from '../../local/services/api-gateway/template.ts';
import { templateUtil } from '../../local/services/api-gateway/template-util.ts';
import { allowed, templateOf } from './alone.ts';

const queue = templateOf((stack) => {
  const api = new ServiceApi(stack, 'Api');
  new DirectEndpoint(stack, 'Feedback', {
    api,
    path: '/v1/feedback',
    target: toQueue(new WorkQueue(stack, 'Notes')),
  });
});
const stream = templateOf((stack) => {
  const api = new ServiceApi(stack, 'Api');
  const target = toStream(new EventStream(stack, 'Activity'), { partitionKeyHeader: 'X-Device' });
  new DirectEndpoint(stack, 'Telemetry', { api, path: '/v1/telemetry', target });
});

const integrationOf = (template: typeof queue) =>
  Object.values(template.findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'POST' } }))[0]
    ?.Properties.Integration;

describe.each([
  ['a queue', queue],
  ['a stream', stream],
])('in front of %s', (_, template) => {
  test('a body of an unknown type is refused, never passed through', () => {
    expect(integrationOf(template)).toMatchObject({ Type: 'AWS', PassthroughBehavior: 'NEVER' });
  });

  test('only a 2xx of the broker is success; what matches nothing is an error', () => {
    const answers = integrationOf(template).IntegrationResponses.map(
      ({ StatusCode, SelectionPattern }: { StatusCode: string; SelectionPattern?: string }) => [
        StatusCode,
        SelectionPattern,
      ],
    );

    expect(answers).toEqual([
      ['202', '2\\d{2}'],
      ['400', '4\\d{2}'],
      ['503', '5\\d{2}'],
      ['502', undefined],
    ]);
  });
});

/** What the caller gets when the broker has answered 4xx with this error. */
const answerTo = (template: typeof queue, error: string) => {
  const refusal = integrationOf(template).IntegrationResponses.find(
    ({ StatusCode }: { StatusCode: string }) => StatusCode === '400',
  );
  const context = { requestId: 'request-1', responseOverride: { status: 400 } };
  const body = renderTemplate(refusal.ResponseTemplates['application/json'], {
    input: { path: () => error },
    util: templateUtil,
    context,
  });
  return { status: context.responseOverride.status, problem: JSON.parse(body) };
};

test.each([
  ['queue', queue, 'InvalidMessageContents', 400, 'message-refused'],
  ['queue', queue, 'InvalidParameterValue', 400, 'message-refused'],
  ['queue', queue, 'RequestThrottled', 429, 'too-many-requests'],
  ['queue', queue, 'AccessDenied', 503, 'broker-unavailable'],
  ['queue', queue, 'AWS.SimpleQueueService.NonExistentQueue', 503, 'broker-unavailable'],
  ['queue', queue, '', 503, 'broker-unavailable'],
  ['stream', stream, 'ValidationException', 400, 'message-refused'],
  ['stream', stream, 'ProvisionedThroughputExceededException', 429, 'too-many-requests'],
  ['stream', stream, 'AccessDeniedException', 503, 'broker-unavailable'],
  ['stream', stream, 'ResourceNotFoundException', 503, 'broker-unavailable'],
])(
  'a %s that refuses is a 400 only where the message is at fault (%#)',
  (_, template, error, status, type) => {
    const answer = answerTo(template, error);

    expect(answer.status).toBe(status);
    expect(answer.problem).toMatchObject({ status, type: expect.stringMatching(`:${type}$`) });
  },
);

test('a body cannot become a parameter of the call', () => {
  expect(integrationOf(queue).RequestTemplates).toEqual({
    'application/json': 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)',
  });
});

test('a record is base64 inside JSON, under the key of the header', () => {
  const template = JSON.stringify(integrationOf(stream).RequestTemplates['application/json']);

  expect(template).toContain('$util.base64Encode($input.body)');
  expect(template).toContain("#set($key = $input.params('X-Device'))");
});

test('without code behind the door, a body is held against the whole schema, values included', () => {
  const body = z.strictObject({ message: z.string().max(10), rating: z.int().min(1).max(5).optional() });
  const template = templateOf((stack) => {
    const api = new ServiceApi(stack, 'Api');
    const target = toQueue(new WorkQueue(stack, 'Notes'));
    new DirectEndpoint(stack, 'Feedback', { api, path: '/v1/feedback', target, body });
  });

  template.hasResourceProperties('AWS::ApiGateway::Method', {
    HttpMethod: 'POST',
    RequestModels: { 'application/json': { Ref: Match.stringLikeRegexp('^FeedbackBody') } },
    RequestValidatorId: Match.anyValue(),
  });
  template.hasResourceProperties('AWS::ApiGateway::Model', {
    Schema: {
      required: ['message'],
      additionalProperties: false,
      properties: {
        message: { type: 'string', maxLength: 10 },
        rating: { type: 'integer', minimum: 1, maximum: 5 },
      },
    },
  });
});

test('the endpoint may do one thing with one resource', () => {
  expect(allowed(queue)).toEqual([
    {
      actions: ['sqs:SendMessage'],
      resource: { 'Fn::GetAtt': [expect.stringMatching(/^NotesQueue/), 'Arn'] },
    },
  ]);
  expect(allowed(stream)).toEqual([
    {
      actions: ['kinesis:PutRecord'],
      resource: { 'Fn::GetAtt': [expect.stringMatching(/^Activity/), 'Arn'] },
    },
  ]);
  queue.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: Match.objectLike({
      Statement: [Match.objectLike({ Principal: { Service: 'apigateway.amazonaws.com' } })],
    }),
  });
});
