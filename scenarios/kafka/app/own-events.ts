import { randomUUID } from 'node:crypto';
import type { Message } from 'kafkajs';
import { OwnActivity } from '../../app/activity.ts';
import type { App } from '../../app/app.ts';

const hex = (length: number): string => randomUUID().replaceAll('-', '').slice(0, length);

/** What the feed's messages are hidden for while they are worked on, and some more. */
export const HIDDEN_MS = 90_000;

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

  /** The `n`th event of a subject, as the app's own services tell it. */
  envelope(subject: string, n: number, text = '') {
    return {
      specversion: '1.0',
      id: randomUUID(),
      source: '/scenarios',
      type: this.type,
      time: new Date().toISOString(),
      subject,
      datacontenttype: 'application/json',
      traceparent: `00-${hex(32)}-${hex(16)}-01`,
      correlationid: this.type,
      causationid: this.type,
      data: { n, text },
    };
  }

  /** The same as it is in the topic. */
  event(subject: string, n: number): Message {
    const { data, datacontenttype, ...attributes } = this.envelope(subject, n);
    return {
      key: subject,
      value: JSON.stringify(data),
      headers: {
        'content-type': datacontenttype,
        ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value])),
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
