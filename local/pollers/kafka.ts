import type { Foundation } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { Msk } from '../services/msk/service.ts';
import type { EventSource, MappingIdentity, Poller, PollTarget } from './event-source.ts';
import type { StreamFailurePorts } from './failure-destination.ts';
import { groupOf, KafkaPoller } from './kafka-poller.ts';
import { type KafkaSettings, kafkaSettings } from './kafka-settings.ts';
import { KafkaTurns } from './kafka-turns.ts';

/** Amazon MSK as an event source. */
export class KafkaEventSource implements EventSource<KafkaSettings> {
  readonly #foundation: Foundation;
  readonly #msk: Msk;
  readonly #ports: StreamFailurePorts;
  readonly #say: (line: string) => void;
  readonly #turns = new KafkaTurns();

  /** @param say is told when a mapping cannot read, and when it can again */
  constructor(
    foundation: Foundation,
    msk: Msk,
    ports: StreamFailurePorts,
    say: (line: string) => void = console.error,
  ) {
    this.#say = say;
    this.#foundation = foundation;
    this.#msk = msk;
    this.#ports = ports;
  }

  configure(
    settings: Readonly<Record<string, unknown>>,
    clusterArn: string,
    target: PollTarget,
  ): KafkaSettings {
    try {
      this.#msk.cluster(clusterArn);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError('InvalidParameterValueException', `Cluster not found: ${clusterArn}`);
    }
    return kafkaSettings(settings, clusterArn, target);
  }

  describe({ described }: KafkaSettings): Readonly<Record<string, unknown>> {
    return { ...described, LastProcessingResult: 'No records processed' };
  }

  /** A changed mapping needs not wait for the former poller: the group gives a partition to one member at a time. */
  poller(mapping: MappingIdentity, settings: KafkaSettings, target: PollTarget): Poller {
    const cluster = this.#msk.cluster(mapping.eventSourceArn);
    const { topic, start } = settings;
    const groupId = groupOf(mapping, settings);
    const begins = start.type === 'LATEST' ? 'high' : 'low';
    this.#msk.lag.watch({ clusterName: cluster.name, groupId, topic, begins });
    return new KafkaPoller({
      foundation: this.#foundation,
      client: this.#msk.client,
      ports: this.#ports,
      turns: this.#turns,
      ...{ cluster, mapping, settings, target },
      say: this.#say,
    });
  }
}
