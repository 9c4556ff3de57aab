import { randomUUID } from 'node:crypto';
import type { Message } from 'kafkajs';
import { OwnActivity } from '../../app/activity.ts';
import type { App } from '../../app/app.ts';

const hex = (length: number): string => randomUUID().replaceAll('-', '').slice(0, length);

/** Events of a type that no other run uses, as CloudEvents in Kafka's binary mode. */
export class OwnEvents {
  readonly type: string;
  readonly #activity: OwnActivity;

  private constructor(activity: OwnActivity) {
    this.#activity = activity;
    this.type = activity.type;
  }

  static async begin(app: App): Promise<OwnEvents> {
    return new OwnEvents(await OwnActivity.begin(app));
  }

  /** The `n`th event of a subject. */
  event(subject: string, n: number): Message {
    return {
      key: subject,
      value: JSON.stringify({ n }),
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: randomUUID(),
        ce_source: '/scenarios',
        ce_type: this.type,
        ce_time: new Date().toISOString(),
        ce_subject: subject,
        ce_traceparent: `00-${hex(32)}-${hex(16)}-01`,
        ce_correlationid: this.type,
        ce_causationid: this.type,
      },
    };
  }

  /** What the counting consumer has made of it. */
  counted(): Promise<number> {
    return this.#activity.counted();
  }

  /** What the archiving consumer has kept of it, in the order of each partition, each record once. */
  async archived() {
    const lines = new Map(
      (await this.#activity.archived()).map((line) => [`${line.partition} ${line.offset}`, line] as const),
    );
    return [...lines.values()].toSorted(
      (one, other) =>
        one.partition.localeCompare(other.partition) || Number(BigInt(one.offset) - BigInt(other.offset)),
    );
  }
}
