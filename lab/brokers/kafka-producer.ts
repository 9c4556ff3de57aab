import kafkajs, { type Message, type ProducerConfig, type ProducerRecord } from 'kafkajs';
import type { Producer } from '../broker.ts';
import type { Format } from '../formats/format.ts';
import type { Answer } from '../ledger.ts';

/** A broker takes 1,048,588 bytes at once unless told otherwise ("max.message.bytes"). */
const MOST_BYTES = 500_000;

/** What is asked of the client of Kafka. */
export interface Clients {
  producer(config: ProducerConfig): Client;
}

interface Client {
  connect(): Promise<void>;
  send(record: ProducerRecord): Promise<unknown>;
  disconnect(): Promise<void>;
}

interface Waiting {
  readonly message: Message & { readonly value: Buffer };
  readonly answer: (answer: Answer) => void;
}

/**
 * An idempotent producer with one request under way; what is to be sent meanwhile goes together with the next one. Were
 * there two, the client would give the sequence number of a request whose connection broke to the other one: the broker
 * takes that for a repetition, acknowledges it, and keeps nothing. After a failure there is a new client, as nobody knows
 * which numbers the broker has seen (KIP-98, "Idempotent Producer Guarantees").
 */
export const kafkaProducer = async (clients: Clients, topic: string, format: Format): Promise<Producer> => {
  let connected = connect(clients);
  await connected;
  const waiting: Waiting[] = [];
  let isSending = false;
  let isClosed = false;

  const send = async (messages: Message[]): Promise<Answer> => {
    const producing = connected;
    try {
      await (await producing).send({ topic, acks: -1, messages });
      return { outcome: 'acknowledged' };
    } catch (error) {
      void producing.then((producer) => producer.disconnect()).catch(() => undefined);
      // What still waits when it is closed is answered by the client that is gone.
      if (!isClosed) connected = connect(clients);
      // Asked about when it is used.
      connected.catch(() => undefined);
      return { outcome: saysNo(error) ? 'failed' : 'unknown', reason: nameOf(error) };
    }
  };

  const sendWhatWaits = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    while (waiting.length > 0) {
      const together = waiting.splice(0, fitting(waiting));
      const answer = await send(together.map(({ message }) => message));
      for (const one of together) one.answer(answer);
    }
    isSending = false;
  };

  return {
    send: (message) =>
      new Promise((answer) => {
        waiting.push({ message: { key: message.key, value: Buffer.from(format.encode(message)) }, answer });
        void sendWhatWaits();
      }),
    close: async () => {
      isClosed = true;
      // Where the last one could not connect there is nothing to close.
      const last = await connected.catch(() => undefined);
      await last?.disconnect();
    },
  };
};

const connect = async (clients: Clients): Promise<Client> => {
  // It must not wait for a broker that is away for longer than a run: whether it has the message is then unknown.
  const producer = clients.producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 3 } });
  try {
    await producer.connect();
  } catch (error) {
    // It may have come half of the way, and would keep its connections.
    await producer.disconnect().catch(() => undefined);
    throw error;
  }
  return producer;
};

/** How many of them a broker takes at once: one at least. */
const fitting = (waiting: readonly Waiting[]): number => {
  let bytes = 0;
  const first = waiting.findIndex(({ message }, index) => {
    bytes += message.value.length;
    return index > 0 && bytes > MOST_BYTES;
  });
  return first < 0 ? waiting.length : first;
};

/** The broker's own word, unless it asks to try again: then it may have been taken the first time. */
const saysNo = (error: unknown): boolean => error instanceof kafkajs.KafkaJSProtocolError && !error.retriable;

const nameOf = (error: unknown): string => {
  if (error instanceof kafkajs.KafkaJSProtocolError) return error.type;
  return error instanceof Error ? error.name : String(error);
};
