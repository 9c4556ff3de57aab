import { z } from 'zod';
import type { Row, Store } from '../../store.ts';
import {
  type Notification,
  notificationSchema,
  type Subscription,
  subscriptionSchema,
  type Topic,
  topicSchema,
} from './model.ts';

/** One attempt to come: `step` tells whether it goes to the endpoint or to the dead-letter queue. */
export interface DeliveryRecord {
  readonly id: number;
  readonly messageId: string;
  readonly subscriptionArn: string;
  readonly step: 'endpoint' | 'dead-letter';
  /** How often this step was tried. */
  readonly attempts: number;
  readonly dueAt: number;
}

const deliveryRow = z.object({
  id: z.number(),
  messageId: z.string(),
  subscriptionArn: z.string(),
  step: z.enum(['endpoint', 'dead-letter']),
  attempts: z.number(),
  dueAt: z.number(),
});
const duplicateRow = z.object({ messageId: z.string(), sequenceNumber: z.string() });
const keyRow = z.object({ privateKey: z.string(), certificate: z.string() });

const TABLES = `
  CREATE TABLE IF NOT EXISTS sns_topic (arn TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sns_subscription (arn TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sns_sequence (topic TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sns_notification (messageId TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sns_delivery (
    id INTEGER PRIMARY KEY, messageId TEXT NOT NULL, subscriptionArn TEXT NOT NULL,
    step TEXT NOT NULL, attempts INTEGER NOT NULL, dueAt INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS sns_delivery_of ON sns_delivery (messageId);
  CREATE TABLE IF NOT EXISTS sns_duplicate (
    topic TEXT NOT NULL, key TEXT NOT NULL, messageId TEXT NOT NULL, sequenceNumber TEXT NOT NULL,
    expiresAt INTEGER NOT NULL, PRIMARY KEY (topic, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sns_signing_key (id INTEGER PRIMARY KEY, privateKey TEXT NOT NULL, certificate TEXT NOT NULL);
`;

/** What Amazon SNS remembers over a restart. Every write belongs to the transaction of its turn. */
export class SnsStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.declare(TABLES);
  }

  committed(): Promise<void> {
    return this.#store.committed();
  }

  topics(): Topic[] {
    return this.#bodies('SELECT body FROM sns_topic', topicSchema);
  }

  putTopic(topic: Topic): void {
    this.#store.write('INSERT OR REPLACE INTO sns_topic VALUES (?, ?)', topic.arn, JSON.stringify(topic));
  }

  deleteTopic(arn: string): void {
    this.#store.write('DELETE FROM sns_topic WHERE arn = ?', arn);
    this.#store.write('DELETE FROM sns_duplicate WHERE topic = ?', arn);
  }

  subscriptions(): Subscription[] {
    return this.#bodies('SELECT body FROM sns_subscription', subscriptionSchema);
  }

  putSubscription(subscription: Subscription): void {
    this.#store.write(
      'INSERT OR REPLACE INTO sns_subscription VALUES (?, ?)',
      subscription.arn,
      JSON.stringify(subscription),
    );
  }

  deleteSubscription(arn: string): void {
    this.#store.write('DELETE FROM sns_subscription WHERE arn = ?', arn);
  }

  /** The next of a FIFO topic's numbers; never given twice, also after the topic was deleted. */
  nextSequence(topicArn: string): number {
    const last = Number(
      this.#store.read('SELECT last FROM sns_sequence WHERE topic = ?', topicArn)[0]?.last ?? 0,
    );
    this.#store.write('INSERT OR REPLACE INTO sns_sequence VALUES (?, ?)', topicArn, last + 1);
    return last + 1;
  }

  putNotification(notification: Notification): void {
    this.#store.write(
      'INSERT INTO sns_notification VALUES (?, ?)',
      notification.messageId,
      JSON.stringify(notification),
    );
  }

  notifications(): Notification[] {
    return this.#bodies('SELECT body FROM sns_notification', notificationSchema);
  }

  deleteNotification(messageId: string): void {
    this.#store.write('DELETE FROM sns_notification WHERE messageId = ?', messageId);
  }

  putDelivery(delivery: DeliveryRecord): void {
    const { id, messageId, subscriptionArn, step, attempts, dueAt } = delivery;
    this.#store.write(
      'INSERT OR REPLACE INTO sns_delivery VALUES (?, ?, ?, ?, ?, ?)',
      id,
      messageId,
      subscriptionArn,
      step,
      attempts,
      dueAt,
    );
  }

  deleteDelivery(id: number): void {
    this.#store.write('DELETE FROM sns_delivery WHERE id = ?', id);
  }

  /** In the order in which they were added. */
  deliveries(): DeliveryRecord[] {
    return this.#store.read('SELECT * FROM sns_delivery ORDER BY id').map((row) => deliveryRow.parse(row));
  }

  /** The message that was published with this deduplication key and is still remembered. */
  duplicate(topicArn: string, key: string, now: number): z.output<typeof duplicateRow> | undefined {
    const [row] = this.#store.read(
      'SELECT messageId, sequenceNumber FROM sns_duplicate WHERE topic = ? AND key = ? AND expiresAt > ?',
      topicArn,
      key,
      now,
    );
    return row && duplicateRow.parse(row);
  }

  remember(topicArn: string, key: string, notification: Notification, expiresAt: number): void {
    this.#store.write(
      'DELETE FROM sns_duplicate WHERE topic = ? AND expiresAt <= ?',
      topicArn,
      notification.timestamp,
    );
    this.#store.write(
      'INSERT OR REPLACE INTO sns_duplicate VALUES (?, ?, ?, ?, ?)',
      topicArn,
      key,
      notification.messageId,
      notification.sequenceNumber ?? '',
      expiresAt,
    );
  }

  signingKey(): z.output<typeof keyRow> | undefined {
    const [row] = this.#store.read('SELECT privateKey, certificate FROM sns_signing_key');
    return row && keyRow.parse(row);
  }

  putSigningKey({ privateKey, certificate }: z.output<typeof keyRow>): void {
    this.#store.write('INSERT OR REPLACE INTO sns_signing_key VALUES (1, ?, ?)', privateKey, certificate);
  }

  #bodies<T>(sql: string, schema: z.ZodType<T>): T[] {
    return this.#store.read(sql).map((row: Row) => schema.parse(JSON.parse(String(row.body))));
  }
}
