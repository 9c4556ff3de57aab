import { type App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555';

const appWith = (context: Readonly<Record<string, unknown>>) => {
  const app = imageApp({ context: { target: 'local', ...context } });
  app.synth();
  return app;
};

const stacksOf = (app: App): readonly Stack[] => app.node.children.filter(Stack.isStack);

const templatesOf = (app: App) =>
  new Map(stacksOf(app).map((stack) => [stack.node.id, Template.fromStack(stack)]));

const templateOf = (templates: ReadonlyMap<string, Template>, id: string): Template => {
  const template = templates.get(id);
  if (!template) throw new Error(`there is no stack ${id}`);
  return template;
};

const devApp = appWith({});
const plain = templatesOf(devApp);
const prodApp = appWith({
  stage: 'prod',
  waf: true,
  alarmEmail: 'on-call@example.com',
  monthlyBudgetUsd: '50',
  domainName: 'images.example.com',
  certificateArn,
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  kafka: true,
});
const full = templatesOf(prodApp);

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

test('in production a stack is protected from deletion that holds data, messages or records; in development none is', () => {
  const withProtection = (app: App) =>
    stacksOf(app)
      .filter(({ terminationProtection }) => terminationProtection)
      .map(({ node }) => node.id);

  expect(withProtection(devApp)).toEqual([]);
  expect(withProtection(prodApp)).toEqual([
    'Storage',
    'ImageWorker',
    'Feedback',
    'Edits',
    'Newsletter',
    'Activity',
    'Push',
    'Kafka',
  ]);
});

const Reference = z.object({ StackName: z.string(), OutputName: z.string() });

/** Every `Fn::GetStackOutput` in a template, wherever it stands. */
const referencesIn = (value: unknown): readonly z.infer<typeof Reference>[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Fn::GetStackOutput' ? [Reference.parse(inner)] : referencesIn(inner),
  );
};

describe.each([
  ['dev', devApp, plain],
  ['prod, with every option', prodApp, full],
])('between the stacks of %s', (_, app, templates) => {
  test('none holds another: nothing is exported, so nothing waits for an import to go', () => {
    const texts = [...templates.values()].map((template) => JSON.stringify(template.toJSON()));

    expect(texts.filter((text) => /"Export"|Fn::ImportValue|Custom::CrossRegionExport/.test(text))).toEqual(
      [],
    );
  });

  test('each reference reads an output that its stack has, of a stack that is deployed before', () => {
    const references = stacksOf(app).flatMap((stack) =>
      referencesIn(templates.get(stack.node.id)?.toJSON()).map((to) => ({ stack, ...to })),
    );

    const unkept = references.filter(({ stack, StackName, OutputName }) => {
      const from = stack.dependencies.find(({ stackName }) => stackName === StackName);
      return from === undefined || !(OutputName in (templates.get(from.node.id)?.findOutputs('*') ?? {}));
    });
    expect(references.length).toBeGreaterThan(100);
    expect(unkept).toEqual([]);
  });
});
