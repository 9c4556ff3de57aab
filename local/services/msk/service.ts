import { createHash } from 'node:crypto';
import type { Foundation } from '../../cloud.ts';
import { AwsError, UserError } from '../../errors.ts';
import { type KafkaAdmin, type KafkaClient, kafkaClient } from '../../kafka/client.ts';
import { HOW_TO_GET_ONE } from '../../kafka/find-broker.ts';
import { ConsumerLag } from './consumer-lag.ts';

export interface TopicDefinition {
  readonly name: string;
  readonly partitions: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** A cluster of the template. Behind each of them is the one broker of this machine. */
export interface Cluster {
  readonly arn: string;
  readonly name: string;
  readonly bootstrapServers: string;
}

/** Amazon MSK: clusters that lead to a real Kafka broker, which was there before or was started beside this cloud. */
export class Msk {
  /** How far the groups of event source mappings are behind. */
  readonly lag: ConsumerLag;
  readonly #foundation: Foundation;
  readonly #bootstrapServers: string | undefined;
  readonly #clusters = new Map<string, Cluster>();
  readonly #connect: (bootstrapServers: string) => KafkaClient;
  #client: KafkaClient | undefined;

  /** @param bootstrapServers undefined when there is no broker: then there can be no cluster either */
  constructor(
    foundation: Foundation,
    bootstrapServers: string | undefined,
    connect: (bootstrapServers: string) => KafkaClient = kafkaClient,
  ) {
    this.#connect = connect;
    this.#foundation = foundation;
    this.#bootstrapServers = bootstrapServers;
    this.lag = new ConsumerLag(foundation, () => this.client);
  }

  async close(): Promise<void> {
    await this.lag.close();
  }

  /** @throws {UserError} when there is no broker */
  ensureCluster(name: string): Cluster {
    if (this.#bootstrapServers === undefined) throw new UserError(HOW_TO_GET_ONE);
    const { region, account } = this.#foundation;
    const uuid = createHash('sha256').update(name).digest('hex').slice(0, 32);
    const id = `${uuid.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}-1`;
    const arn = `arn:aws:kafka:${region}:${account}:cluster/${name}/${id}`;
    const cluster = { arn, name, bootstrapServers: this.#bootstrapServers };
    this.#clusters.set(arn, cluster);
    return cluster;
  }

  /** @throws {AwsError} NotFoundException */
  cluster(arn: string): Cluster {
    const cluster = this.#clusters.get(arn);
    if (!cluster) throw new AwsError('NotFoundException', `The cluster ${arn} does not exist.`, 404);
    return cluster;
  }

  /** Makes the topic, or gives the one that is there more partitions and the configuration. */
  async ensureTopic({ name, partitions, configs }: TopicDefinition): Promise<void> {
    const configEntries = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
    await this.#withAdmin(async (admin) => {
      const made = await admin.createTopics({
        topics: [{ topic: name, numPartitions: partitions, replicationFactor: 1, configEntries }],
        waitForLeaders: true,
      });
      if (made) return;
      const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
      if ((topics[0]?.partitions.length ?? 0) < partitions)
        await admin.createPartitions({ topicPartitions: [{ topic: name, count: partitions }] });
      await admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: TOPIC, name, configEntries }],
      });
    });
  }

  /** @throws {UserError} when there is no broker */
  get client(): KafkaClient {
    if (this.#bootstrapServers === undefined) throw new UserError(HOW_TO_GET_ONE);
    this.#client ??= this.#connect(this.#bootstrapServers);
    return this.#client;
  }

  /** @throws {UserError} with what the broker says, or that it says nothing */
  async #withAdmin(use: (admin: KafkaAdmin) => Promise<void>): Promise<void> {
    const admin = this.client.admin();
    try {
      await admin.connect();
      await use(admin);
    } catch (error) {
      throw new UserError(
        `the broker at ${this.#bootstrapServers}: ${error instanceof Error ? error.message : error}`,
      );
    } finally {
      await admin.disconnect();
    }
  }
}

/** `ConfigResourceTypes.TOPIC` of the protocol. */
const TOPIC = 2;
