import type { Format } from './formats/format.ts';
import type { Answer, Received } from './ledger.ts';
import type { LabMessage } from './message.ts';

export const brokerNames = ['sqs', 'sqs-fifo', 'sns-sqs', 'kinesis', 'kafka'] as const;
export type BrokerName = (typeof brokerNames)[number];

/** How one message is sent. */
export interface SendOptions {
  /** What the broker drops a repeated send by, where it can. The message's own id when left out. */
  readonly deduplicationId?: string;
}

/** Sends to one broker. An error of the broker is an outcome, never an exception. */
export interface Producer {
  send(message: LabMessage, options?: SendOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly consumer: string;
  /**
   * Consumers of one group share the messages. One that was never there before reads from the start of the run, where
   * the broker keeps what was read: queues know only what waits in them.
   */
  readonly group: string;
  /** How long the work on a message takes, in ms: it waits, it does not compute. */
  readonly workMs: number;
  /** From this message on (counted from 1) nothing is acknowledged any more: the consumer is there to be killed. */
  readonly holdFrom?: number;
  /** Reads nothing until it is told to begin: several shall begin at the same moment, however long they take to start. */
  readonly waits?: boolean;
  /** Which part of the shards is this consumer's, where a broker's consumers do not share by themselves. */
  readonly share: { readonly index: number; readonly of: number };
}

/** A consumer in a process of its own, so that it can die as processes do. */
export interface RunningConsumer {
  /** Why it can read no more, although nobody ended it: what it did not see then is no loss of the broker's. */
  failure(): string | undefined;
  /** Lets one that waits read. */
  begin(): void;
  /** SIGKILL: nothing in its hands is acknowledged. */
  kill(): Promise<void>;
  /** Ends after what it has in its hands. Resolves with a complaint when it did not in time, and was killed. */
  stop(): Promise<string | undefined>;
}

/** One broker with fresh resources, or emptied ones, for one run. */
export interface Lane {
  producer(name: string): Promise<Producer>;
  /** @param onReceived called with each message, the run's own or not, as soon as it is in a consumer's hands */
  consumer(options: ConsumerOptions, onReceived: (one: Received) => void): Promise<RunningConsumer>;
  /**
   * Resolves when the consumers of a group have divided the work among them. Left out where they need not.
   * @param consumers how many there are
   */
  divided?(group: string, consumers: number): Promise<void>;
  /** @throws Error when the broker does not answer: then nobody can say what it lost */
  answers(): Promise<void>;
  close(): Promise<void>;
}

/** How to take a broker away without a warning, and how to bring it back on what it has on disk. */
export interface Outage {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export interface LaneOptions {
  /** Names the run: nothing of another one is taken for its own. */
  readonly run: string;
  /** Who will read; a topic needs to know them before the first message. */
  readonly groups: readonly string[];
  readonly format: Format;
}

export interface Broker {
  readonly name: BrokerName;
  /** What it was measured on, with its version: "local cloud 0.1.0", "Apache Kafka 4.3.1, one node". */
  readonly version: string;
  /** Whether each group has its own copy. */
  readonly fanOut: boolean;
  /** What is done wrong with it on purpose, for the lab to show. */
  readonly misuse?: string;
  /** Only a broker of one's own can be made to fail. */
  readonly outage?: Outage;
  open(options: LaneOptions): Promise<Lane>;
}
