import { z } from 'zod';
import type { Row, Store } from '../../store.ts';
import type { Deduplication, DeduplicationJournal } from './deduplication-window.ts';
import { type Message, newMessage } from './message.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { Journal } from './message-queue.ts';
import { jsonText } from './queue-attributes.ts';

/**
 * A message's key in the table is its queue's number and its key within the queue, so that the messages of a queue
 * lie together: reading or purging a queue never touches another one's.
 */
const KEYS_PER_QUEUE = 2 ** 36;
const PAGE = 5000;

const tables = `
  CREATE TABLE IF NOT EXISTS sqs_queue (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL,
    attributes TEXT NOT NULL, tags TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS sqs_message (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL, sent_at INTEGER NOT NULL, enqueued_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL, receive_count INTEGER NOT NULL, received_elsewhere INTEGER NOT NULL,
    first_received_at INTEGER, last_received_at INTEGER, sender_id TEXT NOT NULL, group_id TEXT,
    deduplication_id TEXT, sequence_number TEXT, trace_header TEXT, source_arn TEXT, attributes TEXT,
    body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS sqs_deduplication (
    queue INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT NOT NULL, message_id TEXT NOT NULL,
    sequence_number TEXT NOT NULL, PRIMARY KEY (queue, at, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sqs_move_task (
    id TEXT PRIMARY KEY, source_arn TEXT NOT NULL, started_at INTEGER NOT NULL, task TEXT NOT NULL);`;

const strings = jsonText.pipe(z.record(z.string(), z.string()));
const optionalText = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);
const optionalNumber = z
  .number()
  .nullable()
  .transform((number) => number ?? undefined);

const queueRow = z
  .object({
    number: z.number(),
    name: z.string(),
    created_at: z.number(),
    modified_at: z.number(),
    attributes: strings,
    tags: strings,
  })
  .transform(({ created_at: createdAt, modified_at: modifiedAt, ...row }) => ({
    ...row,
    createdAt,
    modifiedAt,
  }));

export type StoredQueue = z.output<typeof queueRow>;

const storedAttributes = jsonText.pipe(
  z.record(
    z.string(),
    z.object({
      dataType: z.string(),
      stringValue: z.string().optional(),
      binaryValue: z.string().optional(),
    }),
  ),
);

const messageRow = z.object({
  key: z.number(),
  id: z.string(),
  sent_at: z.number(),
  enqueued_at: z.number(),
  visible_at: z.number(),
  receive_count: z.number(),
  received_elsewhere: z.number(),
  first_received_at: optionalNumber,
  last_received_at: optionalNumber,
  sender_id: z.string(),
  group_id: optionalText,
  deduplication_id: optionalText,
  sequence_number: optionalText,
  trace_header: optionalText,
  source_arn: optionalText,
  attributes: optionalText,
  body: z.string(),
});

const deduplicationRow = z
  .object({ key: z.string(), at: z.number(), message_id: z.string(), sequence_number: z.string() })
  .transform(({ key, at, message_id: messageId, sequence_number: sequenceNumber }) => ({
    key,
    at,
    messageId,
    sequenceNumber,
  }));

/** Keeps queues, messages, deduplication windows and move tasks over a restart. */
export class SqsStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.declare(tables);
  }

  committed(): Promise<void> {
    return this.#store.committed();
  }

  queues(): StoredQueue[] {
    return this.#store.read('SELECT * FROM sqs_queue ORDER BY number').map((row) => queueRow.parse(row));
  }

  saveQueue(queue: StoredQueue): void {
    this.#store.write(
      'INSERT OR REPLACE INTO sqs_queue (number, name, created_at, modified_at, attributes, tags) VALUES (?, ?, ?, ?, ?, ?)',
      queue.number,
      queue.name,
      queue.createdAt,
      queue.modifiedAt,
      JSON.stringify(queue.attributes),
      JSON.stringify(queue.tags),
    );
  }

  deleteQueue(number: number): void {
    this.#store.write('DELETE FROM sqs_queue WHERE number = ?', number);
    this.#store.write('DELETE FROM sqs_deduplication WHERE queue = ?', number);
    this.journal(number).purged();
  }

  /** In the order of arrival. */
  *messages(queue: number): Generator<Message> {
    const base = queue * KEYS_PER_QUEUE;
    let after = base;
    for (;;) {
      const rows = this.#store.read(
        'SELECT * FROM sqs_message WHERE key > ? AND key < ? ORDER BY key LIMIT ?',
        after,
        base + KEYS_PER_QUEUE,
        PAGE,
      );
      for (const row of rows) {
        const message = messageOf(row, base);
        after = base + message.key;
        yield message;
      }
      if (rows.length < PAGE) return;
    }
  }

  deduplications(queue: number): Deduplication[] {
    const rows = this.#store.read('SELECT * FROM sqs_deduplication WHERE queue = ? ORDER BY at', queue);
    return rows.map((row) => deduplicationRow.parse(row));
  }

  journal(queue: number): Journal & DeduplicationJournal {
    const store = this.#store;
    const base = queue * KEYS_PER_QUEUE;
    return {
      added: (message) =>
        store.write(
          `INSERT INTO sqs_message (key, id, sent_at, enqueued_at, visible_at, receive_count, received_elsewhere,
             first_received_at, last_received_at, sender_id, group_id, deduplication_id, sequence_number,
             trace_header, source_arn, attributes, body)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          base + message.key,
          message.id,
          message.sentAt,
          message.enqueuedAt,
          message.visibleAt,
          message.receiveCount,
          message.receivedElsewhere,
          message.firstReceivedAt ?? null,
          message.lastReceivedAt ?? null,
          message.senderId,
          message.groupId ?? null,
          message.deduplicationId ?? null,
          message.sequenceNumber ?? null,
          message.traceHeader ?? null,
          message.deadLetterSourceArn ?? null,
          message.attributes ? encodeAttributes(message.attributes) : null,
          message.body,
        ),
      progressed: (message) =>
        store.write(
          'UPDATE sqs_message SET visible_at = ?, receive_count = ?, first_received_at = ?, last_received_at = ? WHERE key = ?',
          message.visibleAt,
          message.receiveCount,
          message.firstReceivedAt ?? null,
          message.lastReceivedAt ?? null,
          base + message.key,
        ),
      removed: (message) => store.write('DELETE FROM sqs_message WHERE key = ?', base + message.key),
      purged: () =>
        store.write('DELETE FROM sqs_message WHERE key > ? AND key < ?', base, base + KEYS_PER_QUEUE),
      deduplicated: ({ at, key, messageId, sequenceNumber }) =>
        store.write(
          'INSERT OR REPLACE INTO sqs_deduplication (queue, at, key, message_id, sequence_number) VALUES (?, ?, ?, ?, ?)',
          queue,
          at,
          key,
          messageId,
          sequenceNumber,
        ),
      deduplicationEnded: (at) =>
        store.write('DELETE FROM sqs_deduplication WHERE queue = ? AND at <= ?', queue, at),
    };
  }

  saveMoveTask(id: string, sourceArn: string, startedAt: number, task: unknown): void {
    this.#store.write(
      'INSERT OR REPLACE INTO sqs_move_task (id, source_arn, started_at, task) VALUES (?, ?, ?, ?)',
      id,
      sourceArn,
      startedAt,
      JSON.stringify(task),
    );
  }

  moveTasks(): unknown[] {
    return this.#store
      .read('SELECT task FROM sqs_move_task ORDER BY started_at')
      .map(({ task }) => jsonText.parse(task));
  }
}

const encodeAttributes = (attributes: MessageAttributes): string =>
  JSON.stringify(attributes, (name, value: unknown) =>
    name === 'binaryValue' && value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );

const decodeAttributes = (text: string): MessageAttributes =>
  Object.fromEntries(
    Object.entries(storedAttributes.parse(text)).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        dataType,
        ...(stringValue !== undefined && { stringValue }),
        ...(binaryValue !== undefined && { binaryValue: Buffer.from(binaryValue, 'base64') }),
      },
    ]),
  );

const messageOf = (row: Row, base: number): Message => {
  const stored = messageRow.parse(row);
  return newMessage(
    stored.key - base,
    {
      id: stored.id,
      body: stored.body,
      attributes: stored.attributes === undefined ? undefined : decodeAttributes(stored.attributes),
      groupId: stored.group_id,
      deduplicationId: stored.deduplication_id,
      sequenceNumber: stored.sequence_number,
      traceHeader: stored.trace_header,
      senderId: stored.sender_id,
      sentAt: stored.sent_at,
      deadLetterSourceArn: stored.source_arn,
    },
    {
      enqueuedAt: stored.enqueued_at,
      visibleAt: stored.visible_at,
      receiveCount: stored.receive_count,
      receivedElsewhere: stored.received_elsewhere,
      firstReceivedAt: stored.first_received_at,
      lastReceivedAt: stored.last_received_at,
    },
  );
};
