import { z } from 'zod';
import type { Cloud } from '../../../../local/cloud.ts';
import { findType } from '../../../../local/resources/index.ts';
import { WebSocketApis } from '../../../../local/services/websocket/service.ts';
import { functionUri, GatewayUnderTest } from './gateway-under-test.ts';

/** Creates resources as a deployment does: properties through the type's schema, then `create`. */
const deployment = () => {
  const gateway = new GatewayUnderTest();
  const webSocket = new WebSocketApis(gateway.foundation, { functions: gateway.functions });
  const cloud: Cloud = Object.assign(Object.create(null), gateway.foundation, {
    apiGateway: gateway.service,
    webSocket,
  });
  const create = async (type: string, logicalId: string, properties: object) => {
    const known = findType(`AWS::${type}`);
    if (!known) throw new Error(`${type} is not known`);
    return known.create(known.properties.parse(properties), {
      cloud,
      stack: 'App',
      logicalId,
      path: `App/${logicalId}`,
      name: () => `App-${logicalId}`,
      asset: () => '',
    });
  };
  return { gateway, webSocket, create };
};

const Root = z.object({ RootResourceId: z.string() });

test('a REST API as CDK writes it answers on the URL made of its references', async () => {
  const { gateway, create } = deployment();
  await using _ = gateway;
  const api = await create('ApiGateway::RestApi', 'Api', {
    Name: 'Api',
    EndpointConfiguration: { Types: ['REGIONAL'] },
  });
  const RestApiId = api.ref;
  const { RootResourceId } = Root.parse(api.attributes);
  const v1 = await create('ApiGateway::Resource', 'V1', {
    RestApiId,
    ParentId: RootResourceId,
    PathPart: 'v1',
  });
  const jobs = await create('ApiGateway::Resource', 'Jobs', {
    RestApiId,
    ParentId: v1.ref,
    PathPart: 'jobs',
  });
  const id = await create('ApiGateway::Resource', 'Id', { RestApiId, ParentId: jobs.ref, PathPart: '{id}' });
  const Integration = { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: functionUri() };
  await create('ApiGateway::Method', 'Get', {
    RestApiId,
    ResourceId: id.ref,
    HttpMethod: 'GET',
    Integration,
  });
  const deployed = await create('ApiGateway::Deployment', 'Deployment', { RestApiId });
  const stage = await create('ApiGateway::Stage', 'Stage', {
    RestApiId,
    StageName: 'v',
    DeploymentId: deployed.ref,
    Variables: { color: 'blue' },
    MethodSettings: [
      {
        ResourcePath: '/~1v1~1jobs~1{id}',
        HttpMethod: 'GET',
        ThrottlingRateLimit: '1',
        ThrottlingBurstLimit: 1,
      },
    ],
  });

  const first = await gateway.call(`/_aws/execute-api/${RestApiId}/${stage.ref}/v1/jobs/7`);
  const second = await gateway.call(`/_aws/execute-api/${RestApiId}/${stage.ref}/v1/jobs/7`);

  expect(RestApiId).toMatch(/^[a-z][a-z0-9]{9}$/);
  expect([first.status, second.status]).toEqual([200, 429]);
  expect(gateway.functions.event()).toMatchObject({
    pathParameters: { id: '7' },
    stageVariables: { color: 'blue' },
    requestContext: { resourceId: id.ref, deploymentId: deployed.ref },
  });
});

test('ids are the same on every start, and differ by stack and logical id', async () => {
  const one = deployment();
  const other = deployment();
  await using _one = one.gateway;
  await using _other = other.gateway;
  const properties = { Name: 'Api' };

  const first = await one.create('ApiGateway::RestApi', 'Api', properties);
  const again = await other.create('ApiGateway::RestApi', 'Api', properties);
  const second = await one.create('ApiGateway::RestApi', 'Api2', properties);

  expect(again).toEqual(first);
  expect(second.ref).not.toBe(first.ref);
});

test('a key, its plan and their link are found by the value that the template gives', async () => {
  const { gateway, create } = deployment();
  await using _ = gateway;
  gateway.method('GET /x', { apiKeyRequired: true });
  const value = 'a-value-of-at-least-20-characters';
  const key = await create('ApiGateway::ApiKey', 'Key', { Enabled: true, Value: value });
  const plan = await create('ApiGateway::UsagePlan', 'Plan', {
    ApiStages: [{ ApiId: 'api', Stage: 'live', Throttle: { '/x/GET': { RateLimit: 1, BurstLimit: 1 } } }],
    Quota: { Limit: 10, Period: 'MONTH' },
  });
  await create('ApiGateway::UsagePlanKey', 'Link', {
    KeyId: key.ref,
    KeyType: 'API_KEY',
    UsagePlanId: plan.ref,
  });

  const statuses = [];
  for (const key of ['no', value, value])
    statuses.push((await gateway.call('/x', { headers: { 'x-api-key': key } })).status);

  expect(statuses).toEqual([403, 200, 429]);
});

test('a WebSocket API has its routes, their responses and its stage', async () => {
  const { gateway, webSocket, create } = deployment();
  await using _ = gateway;
  const { ref: ApiId, attributes } = await create('ApiGatewayV2::Api', 'Ws', {
    Name: 'Ws',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  const integration = await create('ApiGatewayV2::Integration', 'I', {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionUri(),
  });
  const Target = `integrations/${integration.ref}`;
  const route = await create('ApiGatewayV2::Route', 'R', { ApiId, RouteKey: 'watch', Target });
  await create('ApiGatewayV2::RouteResponse', 'A', {
    ApiId,
    RouteId: route.ref,
    RouteResponseKey: '$default',
  });
  const stage = await create('ApiGatewayV2::Stage', 'S', { ApiId, StageName: 'live', AutoDeploy: true });

  const api = webSocket.apis.get(ApiId);

  expect(attributes).toMatchObject({ ApiEndpoint: `wss://${ApiId}.execute-api.us-east-1.amazonaws.com` });
  expect(api?.routes.get('watch')).toMatchObject({ integrationId: integration.ref, responds: true });
  expect(api?.integrations.get(integration.ref)).toMatchObject({ uri: functionUri() });
  expect([...(api?.stages.keys() ?? [])]).toEqual([stage.ref]);
});

test.each([
  [
    'an HTTP API',
    'ApiGatewayV2::Api',
    { Name: 'x', ProtocolType: 'HTTP', RouteSelectionExpression: '$request.body.a' },
  ],
  ['an API from OpenAPI', 'ApiGateway::RestApi', { Body: {} }],
  ['a resource policy', 'ApiGateway::RestApi', { Policy: {} }],
  [
    'a streamed response that is not asked for as such',
    'ApiGateway::Method',
    {
      RestApiId: 'a',
      ResourceId: 'r',
      HttpMethod: 'GET',
      Integration: {
        Type: 'AWS_PROXY',
        Uri: 'arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn/response-streaming-invocations',
      },
    },
  ],
  [
    'an HTTP back end',
    'ApiGateway::Method',
    {
      RestApiId: 'a',
      ResourceId: 'r',
      HttpMethod: 'GET',
      Integration: { Type: 'HTTP_PROXY', Uri: 'https://x' },
    },
  ],
  [
    'a user pool',
    'ApiGateway::Authorizer',
    { RestApiId: 'a', Name: 'n', Type: 'COGNITO_USER_POOLS', AuthorizerUri: 'u' },
  ],
])('%s is refused before anything starts', (_, type, properties) => {
  const result = findType(`AWS::${type}`)?.properties.safeParse(properties);

  expect(result?.success).toBe(false);
});
