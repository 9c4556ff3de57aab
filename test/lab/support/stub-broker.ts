import type { Broker, ConsumerOptions, Lane, LaneOptions, RunningConsumer } from '../../../lab/broker.ts';
import type { Answer, Received } from '../../../lab/ledger.ts';
import { type LabMessage, nowMs } from '../../../lab/message.ts';

export interface Faults {
  /** Does so with this message, counted from 0 over the whole run. */
  readonly lose?: number;
  readonly duplicate?: number;
  /** Holds it back until the next of its producer and key has come. */
  readonly reorder?: number;
  readonly refuse?: number;
  /** What a consumer that dies held is gone. */
  readonly loseHeld?: boolean;
  /** Consumers read nothing, and say so. */
  readonly consumerFails?: boolean;
  /** Gives its consumers so many messages a second, however many there are. */
  readonly perSecond?: number;
  /** After so many messages it answers nobody any more. */
  readonly goneAfter?: number;
  /** Whoever sends to it then waits for ever. */
  readonly goneSilently?: boolean;
  /** A consumer that is asked to end does not, and is killed. */
  readonly neverStops?: boolean;
}

interface Consumer {
  readonly options: ConsumerOptions;
  readonly take: (message: LabMessage, held: boolean) => void;
  taken: number;
  held?: LabMessage;
}

interface Group {
  waiting: LabMessage[];
  readonly consumers: Consumer[];
}

/** A broker in memory that keeps its promises, but for what is planted. `sent` is what its producers gave it. */
export const stubBroker = (faults: Faults = {}): Broker & { readonly sent: LabMessage[] } => {
  const sent: LabMessage[] = [];
  let down = false;
  return {
    name: 'kinesis',
    version: 'a stub',
    fanOut: true,
    sent,
    outage: {
      kill: async () => {
        down = true;
      },
      restart: async () => {
        down = false;
      },
    },
    open: async (options) => stubLane(options, faults, sent, () => down),
  };
};

const stubLane = (
  { groups: known }: LaneOptions,
  faults: Faults,
  sent: LabMessage[],
  isDown: () => boolean,
): Lane => {
  const log: LabMessage[] = [];
  const groups = new Map<string, Group>(known.map((name) => [name, { waiting: [], consumers: [] }]));
  let heldBack: LabMessage | undefined;
  let count = 0;
  const { perSecond } = faults;
  const giveOne = (): void => {
    for (const group of groups.values()) pump(group, 1);
  };
  const paced = perSecond === undefined ? undefined : setInterval(giveOne, 1_000 / perSecond);

  const append = (message: LabMessage): void => {
    log.push(message);
    for (const group of groups.values()) {
      group.waiting.push(message);
      if (paced === undefined && !isGone()) pump(group);
    }
  };
  const isGone = (): boolean => count >= (faults.goneAfter ?? Number.POSITIVE_INFINITY);
  const accept = (message: LabMessage): void => {
    const index = count++;
    if (index === faults.lose) return;
    if (index === faults.reorder) {
      heldBack = message;
      return;
    }
    append(message);
    if (index === faults.duplicate) append(message);
    if (heldBack && heldBack.producer === message.producer && heldBack.key === message.key) {
      append(heldBack);
      heldBack = undefined;
    }
  };
  const send = async (message: LabMessage): Promise<Answer> => {
    if (isGone() && faults.goneSilently) return new Promise(() => undefined);
    if (isDown() || isGone()) return { outcome: 'unknown', reason: 'NotThere' };
    sent.push(message);
    if (count === faults.refuse) {
      count += 1;
      return { outcome: 'failed', reason: 'Throttled' };
    }
    accept(message);
    return { outcome: 'acknowledged' };
  };
  const groupOf = (name: string): Group => {
    const group = groups.get(name) ?? { waiting: [...log], consumers: [] };
    groups.set(name, group);
    return group;
  };
  return {
    producer: async () => ({ send, close: async () => undefined }),
    consumer: async (options, onReceived) => joined(groupOf(options.group), options, onReceived, faults),
    answers: async () => {
      if (isGone()) throw new Error('NotThere');
    },
    close: async () => clearInterval(paced),
  };
};

const joined = (
  group: Group,
  options: ConsumerOptions,
  onReceived: (one: Received) => void,
  { loseHeld = false, consumerFails = false, perSecond, neverStops = false }: Faults,
): RunningConsumer => {
  const { consumer: name, group: groupName } = options;
  const consumer: Consumer = {
    options,
    taken: 0,
    take: ({ producer, key, seq, intendedAt }, held) =>
      onReceived({
        ...{ producer, key, seq, intendedAt, group: groupName, consumer: name },
        at: nowMs(),
        redelivered: false,
        held,
      }),
  };
  const leave = async (): Promise<void> => {
    const index = group.consumers.indexOf(consumer);
    if (index !== -1) group.consumers.splice(index, 1);
    if (consumer.held && !loseHeld) group.waiting.unshift(consumer.held);
    delete consumer.held;
    pump(group);
  };
  const begin = (): void => {
    if (!consumerFails) group.consumers.push(consumer);
    if (perSecond === undefined) pump(group);
  };
  if (!options.waits) begin();
  return {
    failure: () => (consumerFails ? 'consumer c0: NotThere' : undefined),
    begin,
    kill: leave,
    stop: async () => {
      await leave();
      return neverStops ? `consumer ${name} did not end` : undefined;
    },
  };
};

/** Gives what waits, or so much of it, to whoever has its hands free, in turn. */
const pump = (group: Group, atMost = Number.POSITIVE_INFINITY): void => {
  for (let given = 0; given < atMost; given += 1) {
    const [free] = group.consumers
      .filter(({ held }) => held === undefined)
      .toSorted((one, other) => one.taken - other.taken);
    const message = free && group.waiting.shift();
    if (!free || !message) return;
    free.taken += 1;
    const held = free.options.holdFrom !== undefined && free.taken >= free.options.holdFrom;
    if (held) free.held = message;
    free.take(message, held);
  }
};
