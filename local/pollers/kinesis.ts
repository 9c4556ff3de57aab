import type { Foundation } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { EventSource, MappingIdentity, Poller, PollTarget } from './event-source.ts';
import type { StreamFailurePorts } from './failure-destination.ts';
import { KinesisPoller, type PollableStreams } from './kinesis-poller.ts';
import { type KinesisSettings, kinesisSettings } from './kinesis-settings.ts';
import { consumerOf, streamOf } from './kinesis-source.ts';
import { invalid } from './mapping-settings.ts';
import { forgetCheckpoints } from './stream-checkpoints.ts';
import { forgetWindows } from './tumbling-window.ts';

/** Amazon Kinesis as an event source. */
export class KinesisEventSource implements EventSource<KinesisSettings> {
  readonly #foundation: Foundation;
  readonly #streams: PollableStreams;
  readonly #ports: StreamFailurePorts;
  readonly #pollers = new Map<string, KinesisPoller>();

  constructor(foundation: Foundation, streams: PollableStreams, ports: StreamFailurePorts) {
    this.#foundation = foundation;
    this.#streams = streams;
    this.#ports = ports;
  }

  configure(
    settings: Readonly<Record<string, unknown>>,
    sourceArn: string,
    target: PollTarget,
  ): KinesisSettings {
    if (!this.#isThere(sourceArn))
      throw new AwsError('InvalidParameterValueException', `Stream not found: ${sourceArn}`);
    const checked = kinesisSettings(settings, sourceArn, target);
    if (checked.start.type === 'AT_TIMESTAMP' && checked.start.at > this.#foundation.clock.now())
      throw invalid('StartingPositionTimestamp cannot be in the future.');
    return checked;
  }

  #isThere(sourceArn: string): boolean {
    const consumer = consumerOf(sourceArn);
    try {
      const { consumers } = this.#streams.stream(streamOf(sourceArn)).state;
      return consumer === undefined || consumers.some(({ name }) => name === consumer);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return false;
    }
  }

  describe({ described }: KinesisSettings): Readonly<Record<string, unknown>> {
    return { ...described, LastProcessingResult: 'No records processed' };
  }

  /** A changed mapping goes on only when what the former poller took has ended: else records would overtake. */
  poller(mapping: MappingIdentity, settings: KinesisSettings, target: PollTarget): Poller {
    const poller = new KinesisPoller({
      foundation: this.#foundation,
      streams: this.#streams,
      ports: this.#ports,
      ...{ mapping, settings, target },
      after: this.#pollers.get(mapping.uuid)?.ended ?? Promise.resolve(),
    });
    this.#pollers.set(mapping.uuid, poller);
    return poller;
  }

  forget({ uuid }: MappingIdentity): void {
    this.#pollers.delete(uuid);
    forgetCheckpoints(this.#foundation.store, uuid);
    forgetWindows(this.#foundation.store, uuid);
  }
}
