import { z } from 'zod';
import type { Timer } from '../../clock.ts';
import type { Foundation } from '../../cloud.ts';
import type { Functions, Queues, Topics } from '../../ports.ts';
import type { TraceIds, TraceScope } from '../../trace.ts';
import { type Notification, type NotificationTarget, notifierOf } from './notification-configuration.ts';

export interface NotifierPorts {
  readonly queues: Queues;
  readonly topics: Topics;
  readonly functions: Functions;
}

interface Pending {
  readonly id: number;
  readonly bucketArn: string;
  readonly target: NotificationTarget;
  readonly arn: string;
  readonly body: string;
  readonly journaledMs: number;
  /** What has led to it; not stored: after a restart of the cloud the event begins a trace of its own. */
  readonly scope?: TraceScope;
}

const pendingRow = z
  .object({
    id: z.number(),
    bucket_arn: z.string(),
    target: z.enum(['queue', 'topic', 'function']),
    arn: z.string(),
    body: z.string(),
    journaled: z.number(),
  })
  .transform(
    ({ bucket_arn, journaled, ...rest }): Pending => ({
      ...rest,
      bucketArn: bucket_arn,
      journaledMs: journaled,
    }),
  );

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A destination that refuses for this long is gone; the trace says what was dropped. */
const GIVE_UP_MS = 24 * 60 * 60_000;

/**
 * Delivers the events of buckets at least once ("Amazon S3 Event Notifications" in the User Guide): an event is
 * written in the transaction of the change that it tells of, and removed when its destination has taken it.
 */
export class Notifier {
  readonly #foundation: Foundation;
  readonly #ports: NotifierPorts;
  readonly #timers = new Map<number, Timer>();
  #nextId: number;
  readonly #underWay = new Set<Promise<void>>();
  #closed = false;

  constructor(foundation: Foundation, ports: NotifierPorts) {
    this.#foundation = foundation;
    this.#ports = ports;
    foundation.store.declare(`
      CREATE TABLE IF NOT EXISTS s3_pending (
        id INTEGER PRIMARY KEY, bucket_arn TEXT NOT NULL, target TEXT NOT NULL, arn TEXT NOT NULL,
        body TEXT NOT NULL, journaled INTEGER NOT NULL);
    `);
    const left = foundation.store
      .read('SELECT * FROM s3_pending ORDER BY id')
      .map((row) => pendingRow.parse(row));
    this.#nextId = (left.at(-1)?.id ?? 0) + 1;
    // What a previous run has left finds its destination again once the deployment has put it in place.
    for (const pending of left) this.#retry(pending, FIRST_RETRY_MS);
  }

  /** Part of the present transaction; delivery begins as soon as that is committed. */
  journal(
    bucketArn: string,
    { target, arn }: Pick<Notification, 'target' | 'arn'>,
    body: string,
    ids: TraceIds = {},
  ): void {
    const { store, clock, trace } = this.#foundation;
    const told = { id: this.#nextId++, bucketArn, target, arn, body };
    const pending: Pending = {
      ...told,
      journaledMs: clock.now(),
      scope: { header: trace.header, ids },
    };
    store.write(
      'INSERT INTO s3_pending VALUES (?, ?, ?, ?, ?, ?)',
      pending.id,
      bucketArn,
      target,
      arn,
      body,
      pending.journaledMs,
    );
    store.committed().then(
      () => this.#begin(pending, FIRST_RETRY_MS),
      () => undefined,
    );
  }

  /** Begins no further delivery, and waits for those under way: what has been delivered is not told again. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    await Promise.all(this.#underWay);
  }

  #begin(pending: Pending, retryMs: number): void {
    if (this.#closed) return;
    const delivery = this.#foundation.trace
      .within(pending.scope ?? {}, () => this.#deliver(pending, retryMs))
      .finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
  }

  async #deliver(pending: Pending, retryMs: number): Promise<void> {
    try {
      await this.#hand(pending);
      this.#end(pending, 'Notify');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#foundation.clock.now() - pending.journaledMs >= GIVE_UP_MS) {
        this.#end(pending, 'NotificationDropped', reason);
        return;
      }
      this.#trace(pending, 'NotificationFailed', reason);
      this.#retry(pending, retryMs);
    }
  }

  async #hand({ target, arn, body, bucketArn }: Pending): Promise<void> {
    const caller = notifierOf(bucketArn);
    // "Amazon S3 and AWS X-Ray": the header of the request goes on to subscribers.
    const { header: traceHeader } = this.#foundation.trace;
    switch (target) {
      case 'queue':
        await this.#ports.queues.send(
          arn,
          { body, ...(traceHeader !== undefined && { traceHeader }) },
          caller,
        );
        return;
      case 'topic':
        await this.#ports.topics.publish(arn, { message: body, subject: 'Amazon S3 Notification' }, caller);
        return;
      case 'function':
        await this.#ports.functions.invokeAsync(arn, body, caller);
        return;
    }
  }

  #retry(pending: Pending, ms: number): void {
    if (this.#closed) return;
    const timer = this.#foundation.clock.after(ms, () => {
      this.#timers.delete(pending.id);
      this.#begin(pending, Math.min(ms * 2, LONGEST_RETRY_MS));
    });
    this.#timers.set(pending.id, timer);
  }

  #end(pending: Pending, action: string, reason?: string): void {
    this.#foundation.store.write('DELETE FROM s3_pending WHERE id = ?', pending.id);
    this.#trace(pending, action, reason);
  }

  #trace({ bucketArn, arn }: Pending, action: string, reason?: string): void {
    const { trace, clock } = this.#foundation;
    trace.record({
      at: clock.now(),
      service: 's3',
      action,
      resource: bucketArn,
      ids: { destination: arn, ...(reason === undefined ? {} : { reason }) },
    });
  }
}
