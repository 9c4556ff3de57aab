import fc from 'fast-check';
import { PolicyEngine } from '../../../local/iam/policy-engine.ts';
import type { Caller } from '../../../local/ports.ts';

const ACCOUNT = '000000000000';
const roleArn = `arn:aws:iam::${ACCOUNT}:role/Worker`;
const queue = `arn:aws:sqs:us-east-1:${ACCOUNT}:Jobs`;
const topic = `arn:aws:sns:us-east-1:${ACCOUNT}:Events`;
const role: Caller = { kind: 'role', roleArn, session: 'worker' };
const sns: Caller = { kind: 'service', service: 'sns.amazonaws.com', sourceArn: topic };
const s3: Caller = { kind: 'service', service: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::uploads' };

const allow = (Action: string | string[], Resource: string | string[], others: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...others,
});
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

const engineWith = ({ identity = [], resource = [] }: { identity?: object[]; resource?: object[] }) => {
  const engine = new PolicyEngine(ACCOUNT);
  engine.putRole(roleArn, {});
  if (identity.length > 0) engine.attachPolicy(roleArn, 'identity', document(...identity));
  if (resource.length > 0) engine.putResourcePolicy(queue, 'resource', document(...resource));
  return engine;
};
const send = (engine: PolicyEngine, caller: Caller) => () =>
  engine.authorize(caller, 'sqs:SendMessage', queue);

const denyPlainHttp = {
  Effect: 'Deny',
  Action: 'sqs:*',
  Resource: queue,
  Principal: { AWS: '*' },
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const denyOthers = {
  Effect: 'Deny',
  Action: 'sqs:*',
  Resource: queue,
  Principal: { AWS: '*' },
  Condition: {
    StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT },
    Bool: { 'aws:PrincipalIsAWSService': 'false' },
  },
};

describe('a role may do what a policy of its own or of the resource allows', () => {
  test.each([
    ['the exact action and resource', { identity: [allow('sqs:SendMessage', queue)] }],
    ['wildcards', { identity: [allow('sqs:Send*', 'arn:aws:sqs:*:*:J?bs')] }],
    ['actions in another case', { identity: [allow('SQS:sendmessage', '*')] }],
    ['NotAction', { identity: [{ Effect: 'Allow', NotAction: 'sqs:DeleteMessage', Resource: '*' }] }],
    ['NotResource', { identity: [{ Effect: 'Allow', Action: '*', NotResource: topic }] }],
    [
      'the resource names the role',
      { resource: [allow('sqs:SendMessage', queue, { Principal: { AWS: roleArn } })] },
    ],
    ['the resource admits everybody', { resource: [allow('sqs:SendMessage', queue, { Principal: '*' })] }],
    [
      'denials that do not concern it',
      { identity: [allow('sqs:SendMessage', queue)], resource: [denyPlainHttp, denyOthers] },
    ],
  ])('%s', (_, policies) => {
    expect(send(engineWith(policies), role)).not.toThrow();
  });

  test.each([
    ['no policy', {}, 'because no identity-based policy allows the sqs:SendMessage action'],
    [
      'another action',
      { identity: [allow('sqs:ReceiveMessage', queue)] },
      'because no identity-based policy',
    ],
    [
      'another resource',
      { identity: [allow('sqs:SendMessage', `${queue}DeadLetters`)] },
      'because no identity-based',
    ],
    [
      'the resource names only the account',
      { resource: [allow('sqs:SendMessage', queue, { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })] },
      'because no identity-based policy',
    ],
    [
      'its own denial',
      { identity: [allow('*', '*'), { ...allow('sqs:*', '*'), Effect: 'Deny' }] },
      'with an explicit deny in an identity-based policy',
    ],
    [
      "the resource's denial",
      {
        identity: [allow('*', '*')],
        resource: [{ ...allow('sqs:*', queue), Effect: 'Deny', Principal: '*' }],
      },
      'with an explicit deny in a resource-based policy',
    ],
  ])('and nothing else: %s', (_, policies, because) => {
    const user = `arn:aws:sts::${ACCOUNT}:assumed-role/Worker/worker`;

    expect(send(engineWith(policies), role)).toThrow(
      `User: ${user} is not authorized to perform: sqs:SendMessage on resource: ${queue} ${because}`,
    );
  });

  test('the error is AccessDenied, 403', () => {
    expect(send(engineWith({}), role)).toThrow(
      expect.objectContaining({ code: 'AccessDenied', status: 403 }),
    );
  });
});

describe('a service needs the policy of the resource', () => {
  const fromTopic = allow('sqs:SendMessage', queue, {
    Principal: { Service: 'sns.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': topic } },
  });
  const fromAccount = allow('sqs:SendMessage', queue, {
    Principal: { Service: 's3.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
  });

  test('that admits it on behalf of its source, whatever is denied to plain HTTP and other accounts', () => {
    const engine = engineWith({ resource: [denyPlainHttp, denyOthers, fromTopic, fromAccount] });

    expect(send(engine, sns)).not.toThrow();
    expect(send(engine, s3)).not.toThrow();
  });

  test.each([
    ['no policy at all', []],
    ['another service', [fromAccount]],
    ['another source', [{ ...fromTopic, Condition: { ArnEquals: { 'aws:SourceArn': `${topic}2` } } }]],
  ])('%s is a denial', (_, resource) => {
    expect(send(engineWith({ resource }), sns)).toThrow('because no resource-based policy allows');
  });
});

test('the account may do everything; nobody only what is open to everybody', () => {
  const open = engineWith({ resource: [allow('sqs:SendMessage', queue, { Principal: '*' })] });

  expect(send(engineWith({}), { kind: 'account' })).not.toThrow();
  expect(send(engineWith({}), { kind: 'anonymous' })).toThrow('User: anonymous is not authorized');
  expect(send(open, { kind: 'anonymous' })).not.toThrow();
});

test("a bucket's policy speaks of its objects, a function's of its aliases", () => {
  const engine = engineWith({});
  const fn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`;
  engine.putResourcePolicy(
    'arn:aws:s3:::b',
    'p',
    document(allow('s3:GetObject', 'arn:aws:s3:::b/*', { Principal: '*' })),
  );
  engine.putResourcePolicy(fn, 'p', document(allow('lambda:InvokeFunction', `${fn}*`, { Principal: '*' })));

  expect(() => engine.authorize(role, 's3:GetObject', 'arn:aws:s3:::b/some/key')).not.toThrow();
  expect(() => engine.authorize(role, 'lambda:InvokeFunction', `${fn}:live`)).not.toThrow();
});

test('a decision changes with the policies that it came from', () => {
  const engine = engineWith({});
  expect(send(engine, role)).toThrow();

  engine.attachPolicy(roleArn, 'late', document(allow('sqs:SendMessage', queue)));

  expect(send(engine, role)).not.toThrow();
});

test('a policy that names a role by its name reaches the role under its path', () => {
  const engine = new PolicyEngine(ACCOUNT);
  const underPath = `arn:aws:iam::${ACCOUNT}:role/team/Worker`;
  engine.putRole(underPath, {});

  engine.attachPolicy(roleArn, 'p', document(allow('sqs:SendMessage', queue)));

  expect(send(engine, { kind: 'role', roleArn: underPath, session: 's' })).not.toThrow();
});

test('keys that were given out act as their role, on every start; any other as the account', () => {
  const engine = new PolicyEngine(ACCOUNT);

  const credentials = engine.credentialsFor(roleArn, 'worker');

  expect(credentials).toEqual(new PolicyEngine(ACCOUNT).credentialsFor(roleArn, 'worker'));
  expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(engine.callerOf(credentials.accessKeyId)).toEqual(role);
  expect(engine.callerOf('test')).toEqual({ kind: 'account' });
  expect(engine.callerOf(undefined)).toEqual({ kind: 'anonymous' });
  expect(engine.credentialsFor(roleArn, 'other').accessKeyId).not.toBe(credentials.accessKeyId);
});

test('grants that nothing has used are known; those for services that are not enforced here are not counted', () => {
  const engine = engineWith({
    identity: [allow(['sqs:SendMessage', 'sqs:GetQueueUrl'], queue), allow('xray:*', '*')],
  });

  send(engine, role)();

  expect(engine.unusedGrants()).toEqual([
    { roleArn, policy: 'identity', action: 'sqs:GetQueueUrl', resources: [queue] },
  ]);
});

describe('a policy that is not understood is refused when it is put', () => {
  test.each([
    [
      'operator',
      allow('*', '*', { Condition: { IpAddress: { 'aws:SourceIp': '1.2.3.4' } } }),
      'operator "IpAddress"',
    ],
    [
      'set operator',
      allow('*', '*', { Condition: { 'ForAllValues:StringLike': { a: 'b' } } }),
      'ForAllValues:StringLike',
    ],
    [
      'condition key',
      allow('*', '*', { Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'a' } } }),
      'policy condition key "dynamodb:LeadingKeys" is not supported',
    ],
    ['element', { ...allow('*', '*'), NotPrincipal: '*' }, 'Unrecognized key: "NotPrincipal"'],
    [
      'policy variable',
      allow('*', 'arn:aws:s3:::b/$' + '{aws:username}'),
      'policy variables are not supported',
    ],
    ['effect', { ...allow('*', '*'), Effect: 'Maybe' }, 'Statement'],
  ])('%s', (_, statement, message) => {
    const engine = new PolicyEngine(ACCOUNT);

    expect(() => engine.attachPolicy(roleArn, 'odd', document(statement))).toThrow(message);
  });
});

describe('for any policies', () => {
  const action = fc.constantFrom('sqs:SendMessage', 'sqs:*', 's3:GetObject', '*');
  const resource = fc.constantFrom(queue, '*', topic);
  const statement = (Effect: 'Allow' | 'Deny') =>
    fc.record({ Effect: fc.constant(Effect), Action: action, Resource: resource });
  const covers = ({ Action, Resource }: { Action: string; Resource: string }) =>
    Action !== 's3:GetObject' && Resource !== topic;

  test('what is asked for is granted if one statement allows it and none denies it', () => {
    fc.assert(
      fc.property(
        fc.array(statement('Allow')),
        fc.array(statement('Deny'), { maxLength: 1 }),
        (allows, denies) => {
          const granted = allows.some(covers) && !denies.some(covers);
          const asked = send(engineWith({ identity: [...allows, ...denies] }), role);
          if (granted) expect(asked).not.toThrow();
          else expect(asked).toThrow('is not authorized');
        },
      ),
    );
  });
});
