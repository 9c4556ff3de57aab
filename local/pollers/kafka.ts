import type { Foundation } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { Msk } from '../services/msk/service.ts';
import type { EventSource, MappingIdentity, Poller, PollTarget } from './event-source.ts';
import type { StreamFailurePorts } from './failure-destination.ts';
import { KafkaPoller } from './kafka-poller.ts';
import { type KafkaSettings, kafkaSettings } from './kafka-settings.ts';

/** Amazon MSK as an event source. */
export class KafkaEventSource implements EventSource<KafkaSettings> {
  readonly #foundation: Foundation;
  readonly #msk: Msk;
  readonly #ports: StreamFailurePorts;

  constructor(foundation: Foundation, msk: Msk, ports: StreamFailurePorts) {
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
    return new KafkaPoller({
      foundation: this.#foundation,
      msk: this.#msk,
      ports: this.#ports,
      ...{ cluster, mapping, settings, target },
    });
  }
}
