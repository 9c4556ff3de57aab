import { planDeployment } from '../../../local/assembly/plan.ts';
import { findType } from '../../../local/resources/index.ts';
import { assemblyOf, environment, stackOf } from '../assembly/scopes.ts';

const api = { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'Api' } };
const ofApi = (type: string, properties: object) => ({
  Type: `AWS::ApiGateway::${type}`,
  Properties: { RestApiId: { Ref: 'Api' }, ...properties },
});
const method = (Integration: object, others: object = {}) =>
  ofApi('Method', {
    ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
    HttpMethod: 'GET',
    Integration: { Type: 'MOCK', ...Integration },
    ...others,
  });
const answer = (others: object) => ({ IntegrationResponses: [{ StatusCode: '200', ...others }] });
const plan = (resource: object) =>
  planDeployment(assemblyOf(stackOf({ Resources: { Api: api, It: resource } })), environment, findType);

describe('what every request would stumble over is named before anything starts', () => {
  const place = 'integration.request.querystring.q';
  const header = 'method.response.header.X-Sum';

  test.each([
    [
      'a request template',
      method({ RequestTemplates: { 'application/json': '#set($in = 1)' } }),
      'property "Integration.RequestTemplates.application/json": not understood as a mapping template',
    ],
    [
      'a response template',
      method(answer({ ResponseTemplates: { 'application/json': '#set($in = 1)' } })),
      'property "Integration.IntegrationResponses.0.ResponseTemplates.application/json": not understood',
    ],
    [
      'a selection pattern',
      method(answer({ SelectionPattern: '4(' })),
      'property "Integration.IntegrationResponses.0.SelectionPattern": Not a regular expression',
    ],
    [
      'a mapping of the request',
      method({ RequestParameters: { [place]: 'integration.response.header.q' } }),
      `property "Integration.RequestParameters.${place}": Invalid mapping expression`,
    ],
    [
      'a mapping of the response',
      method(answer({ ResponseParameters: { [header]: 'method.request.header.q' } })),
      `property "Integration.IntegrationResponses.0.ResponseParameters.${header}": Invalid mapping expression`,
    ],
    [
      'a mapping from a parameter that is not declared',
      method({ RequestParameters: { [place]: 'method.request.querystring.page' } }),
      'property "Integration.RequestParameters": method.request.querystring.page is not in RequestParameters',
    ],
    [
      'a mapping to a header field that is not declared for its status',
      method(answer({ ResponseParameters: { [header]: "'1'" } }), {
        MethodResponses: [{ StatusCode: 400, ResponseParameters: { [header]: true } }, { StatusCode: 200 }],
      }),
      `property "Integration.IntegrationResponses": ${header} is not in its MethodResponses`,
    ],
    [
      'a model',
      ofApi('Model', { Schema: { type: 'number', minimum: 'one' } }),
      'property "Schema": no schema of draft-04: data/minimum must be number',
    ],
    [
      'the text of a model',
      ofApi('Model', { Schema: '{"type":"none"}' }),
      'property "Schema": no schema of draft-04',
    ],
    [
      'a type of gateway responses',
      ofApi('GatewayResponse', { ResponseType: 'LATE' }),
      'property "ResponseType"',
    ],
    [
      'what a token must look like',
      ofApi('Authorizer', {
        Name: 'door',
        Type: 'TOKEN',
        AuthorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations',
        IdentityValidationExpression: '[a-z',
      }),
      'property "IdentityValidationExpression": Not a regular expression',
    ],
  ])('%s', (_, resource, message) => {
    expect(() => plan(resource)).toThrow(`Stack.It (${resource.Type}): ${message}`);
  });
});

test.each([
  [
    'every kind of mapping',
    method(
      {
        RequestParameters: {
          'integration.request.path.id': 'method.request.path.id',
          'integration.request.header.a': "'text'",
          'integration.request.header.b': 'context.identity.sourceIp',
          'integration.request.header.c': 'stageVariables.color',
          'integration.request.querystring.d': 'method.request.body.$.a[0]',
          'integration.request.querystring.e': 'method.request.multivaluequerystring.page',
        },
        IntegrationResponses: [
          {
            StatusCode: 200,
            SelectionPattern: '(?i)(ok|fine|\\n)+',
            ResponseParameters: {
              'method.response.header.A': 'integration.response.header.a',
              'method.response.header.B': 'integration.response.body.b',
            },
          },
        ],
      },
      {
        RequestParameters: { 'method.request.path.id': true },
        MethodResponses: [
          {
            StatusCode: '200',
            ResponseParameters: { 'method.response.header.A': true, 'method.response.header.B': false },
          },
        ],
      },
    ),
  ],
  [
    'a model that refers to another one',
    ofApi('Model', {
      Schema: {
        $schema: 'http://json-schema.org/draft-04/schema#',
        items: {
          $ref: {
            'Fn::Join': ['', ['https://apigateway.amazonaws.com/restapis/', { Ref: 'Api' }, '/models/Other']],
          },
        },
      },
    }),
  ],
])('%s is let through', (_, resource) => {
  expect(() => plan(resource)).not.toThrow();
});
