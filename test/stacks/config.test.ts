import { RemovalPolicy } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { readConfig } from '../../lib/config.ts';

test('nothing said means the dev stage on AWS', () => {
  expect(readConfig({})).toMatchObject({
    stage: 'dev',
    removalPolicy: RemovalPolicy.DESTROY,
    functions: { architecture: Architecture.ARM_64, nativePlatform: { os: 'linux', cpu: 'arm64' } },
    checkPolicy: true,
  });
});

test('on this machine functions carry the native modules of this machine', () => {
  expect(readConfig({ target: 'local' })).toMatchObject({
    functions: {
      architecture: Architecture.ARM_64,
      nativePlatform: { os: process.platform, cpu: process.arch },
    },
    checkPolicy: false,
  });
});

test.each([
  ['aws', false],
  ['local', true],
  ['endpoint', true],
])('webhooks to private addresses on target %s: %s', (target, allowed) => {
  expect(readConfig({ target }).allowPrivateWebhooks).toBe(allowed);
});

test("the toolkit's own context is none of our business", () => {
  const context = { 'aws:cdk:bundling-stacks': ['**'], '@aws-cdk/core:checkSecretUsage': true };

  expect(readConfig(context).stage).toBe('dev');
});

test.each([
  [{ stag: 'prod' }, /^context: unknown key stag \(known: stage, target, alarmEmail, .*stream\)$/],
  [{ monthlyBudgetUsd: 'much', alarmEmail: 'on-call@example.com' }, /^context: monthlyBudgetUsd: /],
  [{ monthlyBudgetUsd: '50' }, 'context: monthlyBudgetUsd needs alarmEmail: whom to tell'],
  [{ waf: 'maybe' }, /^context: waf: /],
  [{ domainName: 'images.example.com' }, /needs domainName and certificateArn, both$/],
  [{ hostedZoneId: 'Z0123456789' }, /needs domainName and certificateArn, both$/],
  [
    { domainName: 'images.example.com', certificateArn: 'mine' },
    'context: certificateArn: not the ARN of a certificate of ACM',
  ],
  [{ stage: 'qa' }, /^context: stage: .*"dev"\|"prod"/],
  [{ target: 'moon' }, /^context: target: /],
  [{ alarmEmail: 'nobody' }, /^context: alarmEmail: /],
])('%j is refused in one line that names the key', (context, message) => {
  expect(() => readConfig(context)).toThrow(message);
  expect(() => readConfig(context)).not.toThrow('\n');
});

test.each([
  [{}, { kafka: false, stream: 'kinesis', kafkaAuth: 'iam' }],
  [{ kafka: 'true' }, { kafka: true, stream: 'kafka', kafkaAuth: 'iam' }],
  [
    { kafka: true, stream: 'kafka', target: 'local' },
    { kafka: true, stream: 'kafka', kafkaAuth: 'none' },
  ],
  [{ kafka: 'false' }, { kafka: false, stream: 'kinesis' }],
])('where domain events go with %j', (context, expected) => {
  expect(readConfig(context)).toMatchObject(expected);
});

test('events cannot go to a Kafka that is not there', () => {
  expect(() => readConfig({ stream: 'both' })).toThrow('context: stream both needs kafka=true');
});

test('references between stacks hold nobody, but where an endpoint knows no other kind', () => {
  const strengths = ['aws', 'local', 'endpoint'].map((target) => readConfig({ target }).references);

  expect(strengths).toEqual(['weak', 'weak', 'strong']);
});

test('logs go with a stage for development, and outlive production', () => {
  const policies = ['dev', 'prod'].map((stage) => readConfig({ stage }).functions.logRemovalPolicy);

  expect(policies).toEqual([RemovalPolicy.DESTROY, RemovalPolicy.RETAIN]);
});
