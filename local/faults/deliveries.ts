import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { EventSource, PollTarget } from '../pollers/event-source.ts';
import type { Caller, Functions, Queues, Topics } from '../ports.ts';

interface Surroundings {
  readonly faults?: Faults;
  readonly clock: Clock;
}

/** What services deliver through on behalf of their topics and buckets. */
interface Ports {
  readonly queues: Queues;
  readonly topics: Topics;
  readonly functions: Functions;
}

/** Does a delivery late, or twice, when that is due: as the services do now and then, who all deliver at least once. */
const deliver = async <T>(
  { faults, clock }: Surroundings,
  service: string,
  source: string,
  once: () => Promise<T>,
): Promise<T> => {
  const delayMs = faults?.delayMs(service, source) ?? 0;
  if (delayMs > 0) await new Promise<void>((resolve) => clock.after(delayMs, resolve));
  if (faults?.duplicates(service, source)) await once();
  return once();
};

/** The ports of those who deliver; without faults they are what they were. */
export const portsWithFaults = (ports: Ports, around: Surroundings): Ports => {
  if (!around.faults) return ports;
  const { queues, topics, functions } = ports;
  const asService = <T>(caller: Caller, once: () => Promise<T>): Promise<T> =>
    caller.kind === 'service'
      ? deliver(around, caller.service.split('.')[0] ?? '', caller.sourceArn, once)
      : once();
  return {
    queues: {
      send: (arn, message, caller) => asService(caller, () => queues.send(arn, message, caller)),
    },
    topics: {
      publish: (arn, message, caller) => asService(caller, () => topics.publish(arn, message, caller)),
    },
    functions: {
      invoke: (...call) => functions.invoke(...call),
      invokeAsync: (arn, payload, caller) =>
        asService(caller, () => functions.invokeAsync(arn, payload, caller)),
    },
  };
};

/** Batches of a stream that come late, or once more though they were done. */
export const sourceWithFaults = <Settings>(
  service: string,
  source: EventSource<Settings>,
  around: Surroundings,
): EventSource<Settings> => {
  if (!around.faults) return source;
  const disturbed = (target: PollTarget, sourceArn: string): PollTarget => ({
    ...target,
    invoke: (payload) => deliver(around, service, sourceArn, () => target.invoke(payload)),
  });
  return {
    configure: (...given) => source.configure(...given),
    describe: (settings) => source.describe(settings),
    poller: (mapping, settings, target) =>
      source.poller(mapping, settings, disturbed(target, mapping.eventSourceArn)),
    forget: (mapping) => source.forget?.(mapping),
  };
};
