import { Match } from 'aws-cdk-lib/assertions';
import { PushChannel } from '../../lib/constructs/push-channel.ts';
import { aFunction, allowed, emptyStack, templateOf } from './alone.ts';

const alone = templateOf((stack) => {
  const [onConnect, onDisconnect] = [
    aFunction(stack, 'Connect'),
    aFunction(stack, 'Disconnect', ['CONNECTIONS_TABLE']),
  ];
  const push = new PushChannel(stack, 'Push', {
    onConnect,
    onDisconnect,
    actions: { watch: aFunction(stack, 'Watch') },
  });
  push.forgetFrom(onDisconnect, 'CONNECTIONS_TABLE');
  push.pushFrom(aFunction(stack, 'Notifier', ['PUSH_ENDPOINT', 'CONNECTIONS_TABLE']), {
    endpoint: 'PUSH_ENDPOINT',
    connections: 'CONNECTIONS_TABLE',
  });
});

test('clients connect, speak and leave', () => {
  for (const RouteKey of ['$connect', '$disconnect', 'watch']) {
    alone.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey });
  }
  alone.hasResourceProperties('AWS::ApiGatewayV2::Api', {
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
});

test('the record of a connection ends by itself, and is found by subject and by connection', () => {
  alone.hasResourceProperties('AWS::DynamoDB::Table', {
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    KeySchema: [
      { AttributeName: 'subject', KeyType: 'HASH' },
      { AttributeName: 'connectionId', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [Match.objectLike({ IndexName: 'byConnection' })],
  });
});

test('who pushes may post to the connections of this API only, and remove stale ones', () => {
  const statements = allowed(alone);
  const posting = statements.find(({ actions }) => actions.includes('execute-api:ManageConnections'));

  expect(JSON.stringify(posting?.resource)).toMatch(/PushApi\w+"},"\/live\/POST\/@connections\/\*"/);
  expect(statements).toContainEqual({
    actions: ['dynamodb:DeleteItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    resource: { 'Fn::GetAtt': [expect.stringMatching(/^PushConnections/), 'Arn'] },
  });
});

test('messages are throttled', () => {
  alone.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
  });
});

test('who connects and what is answered is logged as JSON, without what was said', () => {
  alone.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    AccessLogSettings: {
      DestinationArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PushAccessLog'), 'Arn'] },
      Format: Match.serializedJson(
        Match.objectLike({ connectionId: '$context.connectionId', status: '$context.status' }),
      ),
    },
  });
  alone.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

test('what no action takes goes to a function of its own, whose answer reaches the client', () => {
  const template = templateOf((stack) => {
    const fn = aFunction(stack, 'Watch');
    new PushChannel(stack, 'Push', {
      onConnect: fn,
      onDisconnect: fn,
      actions: { watch: fn },
      otherwise: aFunction(stack, 'Otherwise'),
    });
  });

  template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
    RouteKey: '$default',
    RouteResponseSelectionExpression: '$default',
  });
});

test('a channel on which nothing can be said is an error', () => {
  const stack = emptyStack();
  const fn = aFunction(stack, 'Connect');

  expect(() => new PushChannel(stack, 'Push', { onConnect: fn, onDisconnect: fn, actions: {} })).toThrow(
    'at least one action',
  );
});
