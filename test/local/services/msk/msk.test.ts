import { VirtualClock } from '../../../../local/clock.ts';
import type { KafkaAdmin } from '../../../../local/kafka/client.ts';
import { HOW_TO_GET_ONE } from '../../../../local/kafka/find-broker.ts';
import { Msk } from '../../../../local/services/msk/service.ts';
import { FakeBroker } from '../../kafka/fake-broker.ts';
import { foundation } from '../sqs/sqs-server.ts';

const definition = { name: 'activity', partitions: 6, configs: { 'retention.ms': '1000' } };

/** Amazon MSK before a broker that has a topic with so many partitions, if any. */
const mskWith = ({ there = 0, away = false } = {}) => {
  const clock = new VirtualClock();
  const broker = new FakeBroker(clock);
  broker.away = away;
  const asked: (readonly [string, unknown])[] = [];
  const noted =
    (name: string) =>
    async (request: unknown): Promise<void> => {
      asked.push([name, request]);
    };
  const connected: string[] = [];
  const admin = (): KafkaAdmin => ({
    ...broker.client.admin(),
    createTopics: async (request) => {
      asked.push(['createTopics', request]);
      return there === 0;
    },
    createPartitions: async (request) => {
      asked.push(['createPartitions', request]);
      return true;
    },
    alterConfigs: noted('alterConfigs'),
    fetchTopicMetadata: async () => ({
      topics: [
        {
          name: 'activity',
          partitions: Array.from({ length: there }, (_, partitionId) => ({
            ...{ partitionId, partitionErrorCode: 0, leader: 1, replicas: [1], isr: [1] },
          })),
        },
      ],
    }),
  });
  const msk = new Msk(foundation(clock), '127.0.0.1:9092,127.0.0.1:9093', (servers) => {
    connected.push(servers);
    return { ...broker.client, admin };
  });
  return { msk, asked, connected };
};

test('a cluster has the same ARN at every start, and leads to the broker of this machine', () => {
  const { msk } = mskWith();

  const cluster = msk.ensureCluster('activity');

  expect(cluster.arn).toMatch(
    /^arn:aws:kafka:us-east-1:000000000000:cluster\/activity\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-1$/,
  );
  expect(cluster).toEqual(mskWith().msk.ensureCluster('activity'));
  expect(cluster.bootstrapServers).toBe('127.0.0.1:9092,127.0.0.1:9093');
  expect(msk.cluster(cluster.arn)).toBe(cluster);
});

test('without a broker there is no cluster, and it is said how to get one', () => {
  const msk = new Msk(foundation(new VirtualClock()), undefined);

  expect(() => msk.ensureCluster('activity')).toThrow(HOW_TO_GET_ONE);
  expect(() => msk.client).toThrow(HOW_TO_GET_ONE);
});

test('a cluster that nobody made is not found', () => {
  expect(() => mskWith().msk.cluster('arn:aws:kafka:us-east-1:1:cluster/other/1')).toThrow('does not exist');
});

test('a new topic is made as the template says, in the one copy that there can be', async () => {
  const { msk, asked, connected } = mskWith();

  await msk.ensureTopic(definition);
  await msk.ensureTopic(definition);

  expect(asked[0]).toEqual([
    'createTopics',
    {
      topics: [
        {
          topic: 'activity',
          numPartitions: 6,
          replicationFactor: 1,
          configEntries: [{ name: 'retention.ms', value: '1000' }],
        },
      ],
      waitForLeaders: true,
    },
  ]);
  expect(asked).toHaveLength(2);
  expect(connected).toEqual(['127.0.0.1:9092,127.0.0.1:9093']);
});

test.each([
  ['fewer partitions', 4, ['createTopics', 'createPartitions', 'alterConfigs']],
  ['as many', 6, ['createTopics', 'alterConfigs']],
  ['more, which it keeps', 8, ['createTopics', 'alterConfigs']],
])(
  'a topic that is there with %s gets the configuration, and partitions where they lack',
  async (_, there, steps) => {
    const { msk, asked } = mskWith({ there });

    await msk.ensureTopic(definition);

    expect(asked.map(([name]) => name)).toEqual(steps);
  },
);

test('a broker that is away is named, with what it says', async () => {
  const { msk } = mskWith({ away: true });

  await expect(msk.ensureTopic(definition)).rejects.toThrow(
    'the broker at 127.0.0.1:9092,127.0.0.1:9093: connect ECONNREFUSED 127.0.0.1:9092',
  );
});
