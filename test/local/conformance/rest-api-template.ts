/**
 * The stack that the checks of REST APIs ask: a proxied function, a queue behind a validated route, a keyed route, and
 * the gateway's own answers. `node test/local/conformance/rest-api-template.ts > rest-api.json` writes it for
 * `aws cloudformation deploy`; OUTPUTS then names a file with its outputs, as `cdk deploy --outputs-file` writes them.
 */
const ECHO = `exports.handler = async (event) =>
  event.queryStringParameters?.fail ? { nonsense: true } : {
    statusCode: 201,
    headers: { 'x-single': 'one' },
    multiValueHeaders: { 'x-several': ['a', 'b'] },
    body: JSON.stringify(event),
  };`;

const JSON_TYPE = 'application/json';

const attribute = (resource: string, name = 'Arn') => ({ 'Fn::GetAtt': [resource, name] });
const ref = (Ref: string) => ({ Ref });
const joined = (...parts: readonly unknown[]) => ({ 'Fn::Join': ['', parts] });

const role = (service: string, ...Statement: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    ...(Statement.length > 0 && {
      Policies: [{ PolicyName: 'may', PolicyDocument: { Version: '2012-10-17', Statement } }],
    }),
  },
});

const resource = (PathPart: string, parent: unknown = attribute('Api', 'RootResourceId')) => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: { RestApiId: ref('Api'), ParentId: parent, PathPart },
});

const method = (at: string, HttpMethod: string, more: object) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    RestApiId: ref('Api'),
    ResourceId: ref(at),
    HttpMethod,
    AuthorizationType: 'NONE',
    ...more,
  },
});

const proxy = {
  Integration: {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: joined(
      ...['arn:aws:apigateway:', ref('AWS::Region'), ':lambda:path/2015-03-31/functions/'],
      ...[attribute('Echo'), '/invocations'],
    ),
  },
};

const answering = (template: string) => ({
  Integration: {
    Type: 'MOCK',
    RequestTemplates: { [JSON_TYPE]: '{"statusCode": 200}' },
    IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { [JSON_TYPE]: template } }],
  },
  MethodResponses: [{ StatusCode: '200' }],
});

const sending = {
  RequestValidatorId: ref('Validator'),
  RequestModels: { [JSON_TYPE]: ref('Message') },
  RequestParameters: { 'method.request.header.x-tenant': true },
  Integration: {
    Type: 'AWS',
    IntegrationHttpMethod: 'POST',
    Uri: joined(
      ...['arn:aws:apigateway:', ref('AWS::Region'), ':sqs:path/'],
      ...[ref('AWS::AccountId'), '/', attribute('Queue', 'QueueName')],
    ),
    Credentials: attribute('Sender'),
    PassthroughBehavior: 'NEVER',
    RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
    RequestTemplates: { [JSON_TYPE]: 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' },
    IntegrationResponses: [
      { StatusCode: '202', ResponseTemplates: { [JSON_TYPE]: '{"taken": true}' } },
      { StatusCode: '400', SelectionPattern: '4\\d{2}', ResponseTemplates: { [JSON_TYPE]: '{}' } },
    ],
  },
  MethodResponses: [{ StatusCode: '202' }, { StatusCode: '400' }],
};

const schema = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
};

const methods = {
  EchoAny: method('EchoRest', 'ANY', proxy),
  MessagesPost: method('Messages', 'POST', sending),
  SecretGet: method('Secret', 'GET', { ApiKeyRequired: true, ...answering('{"known": true}') }),
  MockGet: method(
    'Mock',
    'GET',
    answering(`{"q": "$util.escapeJavaScript($input.params('q'))", "path": "$context.resourcePath"}`),
  ),
};

export const restApiTemplate = {
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    Sender: role('apigateway.amazonaws.com', {
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: attribute('Queue'),
    }),
    EchoRole: role('lambda.amazonaws.com'),
    Echo: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: ECHO },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: attribute('EchoRole'),
      },
    },
    MayInvoke: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: ref('Echo'),
        Principal: 'apigateway.amazonaws.com',
      },
    },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'Conformance' } },
    EchoResource: resource('echo'),
    EchoRest: resource('{proxy+}', ref('EchoResource')),
    Messages: resource('messages'),
    Secret: resource('secret'),
    Mock: resource('mock'),
    Validator: {
      Type: 'AWS::ApiGateway::RequestValidator',
      Properties: { RestApiId: ref('Api'), ValidateRequestBody: true, ValidateRequestParameters: true },
    },
    Message: {
      Type: 'AWS::ApiGateway::Model',
      Properties: { RestApiId: ref('Api'), Name: 'Message', ContentType: JSON_TYPE, Schema: schema },
    },
    Refusals: {
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: {
        RestApiId: ref('Api'),
        ResponseType: 'DEFAULT_4XX',
        ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
      },
    },
    ...methods,
    Deployment: {
      Type: 'AWS::ApiGateway::Deployment',
      DependsOn: [...Object.keys(methods), 'Refusals'],
      Properties: { RestApiId: ref('Api') },
    },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: ref('Api'), DeploymentId: ref('Deployment'), StageName: 'live' },
    },
    Key: {
      Type: 'AWS::ApiGateway::ApiKey',
      Properties: { Enabled: true, Value: 'conformance-key-0123456789' },
    },
    Plan: {
      Type: 'AWS::ApiGateway::UsagePlan',
      Properties: { ApiStages: [{ ApiId: ref('Api'), Stage: ref('Stage') }] },
    },
    PlanKey: {
      Type: 'AWS::ApiGateway::UsagePlanKey',
      Properties: { KeyId: ref('Key'), KeyType: 'API_KEY', UsagePlanId: ref('Plan') },
    },
  },
  Outputs: {
    ApiUrl: {
      Value: joined(
        'https://',
        ...[ref('Api'), '.execute-api.', ref('AWS::Region'), '.', ref('AWS::URLSuffix'), '/', ref('Stage')],
      ),
    },
    ApiKey: { Value: 'conformance-key-0123456789' },
    QueueUrl: { Value: ref('Queue') },
  },
};

if (import.meta.main) console.log(JSON.stringify(restApiTemplate, null, 2));
