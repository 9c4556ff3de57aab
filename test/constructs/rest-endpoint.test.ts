import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { RestEndpoint } from '../../lib/constructs/rest-endpoint.ts';
import { ServiceApi } from '../../lib/constructs/service-api.ts';
import { aFunction, emptyStack, templateOf } from './alone.ts';

const body = z.strictObject({ name: z.string().max(10), note: z.string().optional() });

const alone = templateOf((stack) => {
  const api = new ServiceApi(stack, 'Api');
  const handler = aFunction(stack, 'Handler');
  new RestEndpoint(stack, 'Post', {
    api,
    method: 'POST',
    path: '/v1/things',
    handler,
    body,
    throttle: { rate: 5, burst: 7 },
  });
});

test('the API is regional, traced, and writes an access log as JSON that is kept for a time', () => {
  alone.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
  alone.hasResourceProperties('AWS::ApiGateway::Stage', {
    StageName: 'live',
    TracingEnabled: true,
    AccessLogSetting: { Format: Match.serializedJson(Match.objectLike({ requestId: '$context.requestId' })) },
  });
  alone.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

test('the stage and the method have their own throttles', () => {
  alone.hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [
      Match.objectLike({
        ResourcePath: '/*',
        HttpMethod: '*',
        ThrottlingRateLimit: 100,
        ThrottlingBurstLimit: 200,
      }),
      Match.objectLike({
        ResourcePath: '/~1v1~1things',
        HttpMethod: 'POST',
        ThrottlingRateLimit: 5,
        ThrottlingBurstLimit: 7,
      }),
    ],
  });
});

test("a body is held against the outline of the handler's own schema", () => {
  alone.hasResourceProperties('AWS::ApiGateway::RequestValidator', {
    ValidateRequestBody: true,
    ValidateRequestParameters: true,
  });
  alone.hasResourceProperties('AWS::ApiGateway::Method', {
    HttpMethod: 'POST',
    RequestModels: { 'application/json': { Ref: Match.stringLikeRegexp('^PostBody') } },
    RequestValidatorId: Match.anyValue(),
    Integration: { Type: 'AWS_PROXY' },
  });
  alone.hasResourceProperties('AWS::ApiGateway::Model', {
    ContentType: 'application/json',
    Schema: {
      $schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: { name: {}, note: {} },
    },
  });
});

test('a changed schema makes a new deployment', () => {
  const deploymentOf = (schema: z.ZodObject) => {
    const template = templateOf((stack) => {
      const api = new ServiceApi(stack, 'Api');
      const handler = aFunction(stack, 'Handler');
      new RestEndpoint(stack, 'Post', { api, method: 'POST', path: '/v1/things', handler, body: schema });
    });
    return Object.keys(template.findResources('AWS::ApiGateway::Deployment'));
  };

  expect(deploymentOf(body)).toEqual(deploymentOf(body));
  expect(deploymentOf(body)).not.toEqual(deploymentOf(body.extend({ more: z.string() })));
});

test('what API Gateway answers itself is a problem that a page of another origin can read', () => {
  const responses = Object.values(alone.findResources('AWS::ApiGateway::GatewayResponse'));

  expect(responses.map(({ Properties }) => Properties.ResponseType)).toEqual(
    expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX', 'BAD_REQUEST_BODY', 'THROTTLED']),
  );
  for (const { Properties } of responses) {
    expect(Properties.ResponseParameters).toMatchObject({
      'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
      'gatewayresponse.header.Content-Type': "'application/problem+json'",
    });
    expect(Properties.ResponseTemplates['application/json']).toMatch(
      /^{"type":"urn:problem:serverless-ipc:[a-z-]+","title":"/,
    );
  }
});

test('the function may be called by this method on this stage only', () => {
  alone.resourceCountIs('AWS::Lambda::Permission', 1);
  const [permission] = Object.values(alone.findResources('AWS::Lambda::Permission'));

  expect(JSON.stringify(permission?.Properties.SourceArn)).toMatch(/\/POST\/v1\/things/);
});

test('a function that may take longer than API Gateway waits is an error', () => {
  const stack = emptyStack();
  const api = new ServiceApi(stack, 'Api');
  const handler = aFunction(stack, 'Slow', [], { timeout: Duration.seconds(30) });

  expect(() => new RestEndpoint(stack, 'Get', { api, method: 'GET', path: '/v1/slow', handler })).toThrow(
    'API Gateway waits 29 seconds',
  );
});
