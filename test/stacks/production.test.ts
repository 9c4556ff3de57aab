import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555';

const templatesWith = (context: Readonly<Record<string, unknown>>) => {
  const app = imageApp({ context: { target: 'local', ...context } });
  app.synth();
  const stacks = app.node.children.filter(Stack.isStack);
  return new Map(stacks.map((stack) => [stack.node.id, Template.fromStack(stack)]));
};

const templateOf = (templates: ReadonlyMap<string, Template>, id: string): Template => {
  const template = templates.get(id);
  if (!template) throw new Error(`there is no stack ${id}`);
  return template;
};

const plain = templatesWith({});
const full = templatesWith({
  stage: 'prod',
  waf: true,
  alarmEmail: 'on-call@example.com',
  monthlyBudgetUsd: '50',
  domainName: 'images.example.com',
  certificateArn,
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
});

test('what costs by the month is there only when it is asked for', () => {
  const types = [...plain.values()].flatMap((template) =>
    Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
  );

  expect(types.filter((type) => /WAF|Budgets|Route53|DomainName/.test(type))).toEqual([]);
});

test('a web ACL limits what one address may ask for, and stands before the stage', () => {
  const api = templateOf(full, 'ImageApi');

  api.hasResourceProperties('AWS::WAFv2::WebACL', {
    Scope: 'REGIONAL',
    Rules: Match.arrayWith([
      Match.objectLike({ Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 2000 } } }),
    ]),
  });
  api.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
    ResourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/restapis/')])] },
  });
});

test('images pass the web ACL: the rule on the size of bodies only counts', () => {
  templateOf(full, 'ImageApi').hasResourceProperties('AWS::WAFv2::WebACL', {
    Rules: Match.arrayWith([
      Match.objectLike({
        Name: 'AWSManagedRulesCommonRuleSet',
        Statement: {
          ManagedRuleGroupStatement: Match.objectLike({
            RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }],
          }),
        },
      }),
    ]),
  });
});

test('a name of its own leads to the API, over TLS 1.2 or later', () => {
  const api = templateOf(full, 'ImageApi');

  api.hasResourceProperties('AWS::ApiGateway::DomainName', {
    DomainName: 'images.example.com',
    RegionalCertificateArn: certificateArn,
    SecurityPolicy: 'TLS_1_2',
  });
  api.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'images.example.com.', Type: 'A' });
});

test('whoever is named is told when the budget is nearly spent', () => {
  templateOf(full, 'Observability').hasResourceProperties('AWS::Budgets::Budget', {
    Budget: Match.objectLike({
      BudgetLimit: { Amount: 50, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:app$serverless-ipc'] },
    }),
    NotificationsWithSubscribers: Match.arrayWith([
      Match.objectLike({ Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'on-call@example.com' }] }),
    ]),
  });
});

/** The role by which API Gateway writes logs is a setting of the whole account: other APIs may use it. */
const ofTheAccount = ['AWS::ApiGateway::Account', 'AWS::IAM::Role'];

test('nothing of a stage for development outlives its stacks, but for a setting of the account', () => {
  const kept = [...plain.values()].flatMap((template) =>
    Object.values(template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>)
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
      .map(({ Type }) => Type),
  );

  expect(new Set(kept)).toEqual(new Set(ofTheAccount));
});

test('no stack holds another: none exports anything', () => {
  const texts = [...plain.values()].map((template) => JSON.stringify(template.toJSON()));

  expect(texts.filter((text) => text.includes('"Export"') || text.includes('Fn::ImportValue'))).toEqual([]);
});
