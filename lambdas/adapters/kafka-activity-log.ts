import type { Message } from 'kafkajs';
import type { ActivityLog, NotAppended } from '../domain/activity-ports.ts';
import type { CloudEvent } from '../messages/cloud-event.ts';
import { kafkaFailure } from './kafka-failure.ts';
import type { KafkaProducer } from './kafka-producer.ts';

/** Kafka takes batches of 1,048,588 bytes unless told otherwise ("max.message.bytes"): this leaves room for what is around. */
export const MOST_BYTES = 1_000_000;

/**
 * CloudEvents' binary mode: the attributes are headers, the value is the data alone
 * (CloudEvents, "Kafka Protocol Binding", 3.2 "Binary Content Mode").
 */
export const binaryMessage = ({ data, datacontenttype, ...attributes }: CloudEvent): Message => ({
  key: attributes.subject,
  value: JSON.stringify(data),
  headers: {
    'content-type': datacontenttype,
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)])),
  },
});

const bytesOf = ({ key, value, headers }: Message): number =>
  Buffer.byteLength(JSON.stringify(headers)) + Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? '');

interface Entry {
  readonly event: CloudEvent;
  readonly message: Message;
  readonly bytes: number;
}

/** The activity log on Apache Kafka: one topic, keyed by subject. */
export const kafkaActivityLog = (producer: KafkaProducer, topic: string): ActivityLog => ({
  async append(events) {
    const { fitting, refused } = withoutTooLarge(events);
    const batches = batchesOf(fitting);
    for (const [index, batch] of batches.entries()) {
      try {
        await producer.send(
          topic,
          batch.map(({ message }) => message),
        );
      } catch (error) {
        const { name, retryable, message } = kafkaFailure(error);
        const reason = `${name} (${retryable ? 'retryable' : 'not retryable'}): ${message}`;
        const left = batches.slice(index).flat();
        return [...refused, ...left.map(({ event }) => ({ event, reason }))];
      }
    }
    return refused;
  },
});

/** An event that no broker would take fails alone, and holds back those of its subject that come after it. */
const withoutTooLarge = (
  events: readonly CloudEvent[],
): { fitting: readonly Entry[]; refused: readonly NotAppended[] } => {
  const fitting: Entry[] = [];
  const refused = new Map<string, NotAppended[]>();
  for (const event of events) {
    const message = binaryMessage(event);
    const bytes = bytesOf(message);
    const before = refused.get(event.subject);
    if (bytes > MOST_BYTES || before) {
      const reason = `RecordTooLarge (not retryable): ${bytes} bytes, ${MOST_BYTES} are taken`;
      const behind = 'RecordTooLarge (not retryable): it waits for the one before it';
      refused.set(event.subject, [...(before ?? []), { event, reason: before ? behind : reason }]);
    } else fitting.push({ event, message, bytes });
  }
  return { fitting, refused: [...refused.values()].flat() };
};

/** In order, each of them small enough for one partition to take it whole. */
const batchesOf = (entries: readonly Entry[]): Entry[][] => {
  const batches: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const current = batches.at(-1);
    if (current && entry.bytes <= room) current.push(entry);
    else {
      batches.push([entry]);
      room = MOST_BYTES;
    }
    room -= entry.bytes;
  }
  return batches;
};
