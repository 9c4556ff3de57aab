import { VirtualClock } from '../../../../local/clock.ts';
import type { Cloud } from '../../../../local/cloud.ts';
import type { ResourceContext } from '../../../../local/resources/resource-type.ts';
import { queue } from '../../../../local/resources/sqs-queue.ts';
import { queuePolicy } from '../../../../local/resources/sqs-queue-policy.ts';
import { Sqs } from '../../../../local/services/sqs/service.ts';
import { account, arnOf, foundation } from './sqs-server.ts';

/** Just what the queue types use of a resource's surroundings. */
const context = (policies: unknown[] = []) => {
  const base = foundation(new VirtualClock(), {
    iam: { putResourcePolicy: (...policy) => policies.push(policy) },
  });
  const sqs = new Sqs(base);
  const cloud: Partial<Cloud> = { ...base, sqs };
  const name: ResourceContext['name'] = ({ suffix = '' } = {}) => `Stack-Jobs-1A2B${suffix}`;
  return {
    sqs,
    resource: {
      cloud: cloud as Cloud,
      name,
      stack: 'Stack',
      logicalId: 'Jobs',
      path: 'Stack/Jobs',
      asset: () => '',
    },
  };
};

const create = (properties: unknown, { resource }: ReturnType<typeof context>) =>
  queue.create(queue.properties.parse(properties), resource);

test('Ref is the URL; Arn, QueueName and QueueUrl are attributes', async () => {
  expect(await create({}, context())).toEqual({
    ref: `http://127.0.0.1:4566/${account}/Stack-Jobs-1A2B`,
    attributes: {
      Arn: arnOf('Stack-Jobs-1A2B'),
      QueueName: 'Stack-Jobs-1A2B',
      QueueUrl: `http://127.0.0.1:4566/${account}/Stack-Jobs-1A2B`,
    },
  });
});

test('numbers may be text, and policies objects or text', async () => {
  const surroundings = context();
  await create({ QueueName: 'dead' }, surroundings);
  const deadLetterTargetArn = arnOf('dead');
  await create(
    {
      QueueName: 'jobs',
      VisibilityTimeout: '90',
      DelaySeconds: 5,
      RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 5 },
      RedriveAllowPolicy: '{"redrivePermission":"denyAll"}',
    },
    surroundings,
  );

  const { attributes, redrive } = surroundings.sqs.queues.get(arnOf('jobs'));

  expect(attributes).toMatchObject({ VisibilityTimeout: '90', DelaySeconds: '5' });
  expect(redrive).toEqual({ deadLetterTargetArn, maxReceiveCount: 5 });
});

test('a FIFO queue without a name gets one with the suffix', async () => {
  const surroundings = context();
  const properties = {
    FifoQueue: true,
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
  };

  await create(properties, surroundings);

  expect(surroundings.sqs.queues.get(arnOf('Stack-Jobs-1A2B.fifo')).attributes).toMatchObject({
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
  });
});

test('an unknown property is refused by name', () => {
  expect(queue.properties.safeParse({ Colour: 'red' }).error?.issues).toMatchObject([{ keys: ['Colour'] }]);
});

test('a queue policy holds for each of its queues, and shows in their attributes', async () => {
  const policies: unknown[] = [];
  const surroundings = context(policies);
  const { ref } = await create({ QueueName: 'jobs' }, surroundings);
  const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage' };
  const document = { Version: '2012-10-17', Statement: [statement] };
  policies.length = 0;

  await queuePolicy.create(
    queuePolicy.properties.parse({ Queues: [ref], PolicyDocument: document }),
    surroundings.resource,
  );

  expect(policies).toEqual([[arnOf('jobs'), 'Policy', document]]);
  expect(surroundings.sqs.queues.get(arnOf('jobs')).attributes.Policy).toBe(JSON.stringify(document));
});
