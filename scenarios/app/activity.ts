import { randomUUID } from 'node:crypto';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { App } from './app.ts';
import { putRecords, type Written } from './stream-writer.ts';

const Counts = z.object({ types: z.record(z.string(), z.number()) });

const Line = z.object({
  partition: z.string(),
  offset: z.string(),
  event: z.object({ type: z.string(), subject: z.string(), data: z.unknown() }),
});
export type ArchivedLine = z.infer<typeof Line>;

/** How to wait for a consumer: on AWS one that was turned on takes up to a minute, and a poisoned batch its retries. */
export const PATIENTLY = { timeoutMs: 180_000, everyMs: 200 };

/**
 * Activity of one type, in and out of the stream: of a type that no other run uses, so that what is counted and archived
 * of it is of this one only, or of one that the service itself reports.
 */
export class OwnActivity {
  readonly type: string;
  readonly #app: App;
  readonly #stream: string;
  readonly #bucket: string;
  /** What each object held when it was last read, by key; a batch that comes again replaces its object. */
  readonly #objects = new Map<string, { readonly etag: string; readonly lines: readonly ArchivedLine[] }>();

  private constructor(app: App, type: string) {
    this.type = type;
    this.#app = app;
    this.#stream = app.output('ActivityStreamName');
    this.#bucket = app.output('ActivityArchiveBucketName');
  }

  /** What is in the archive already is not looked at. */
  static async begin(app: App, type = `scenario.${randomUUID()}`): Promise<OwnActivity> {
    const activity = new OwnActivity(app, type);
    for (const { key, etag } of await activity.#changedObjects())
      activity.#objects.set(key, { etag, lines: [] });
    return activity;
  }

  /** The `n`th record of a subject. */
  record(subject: string, n: number): Written {
    return { key: subject, text: JSON.stringify({ type: this.type, subject, data: { n } }) };
  }

  put(records: readonly Written[]): Promise<void> {
    return putRecords(this.#app, this.#stream, records);
  }

  /** What the counting consumer has made of it. */
  async counted(): Promise<number> {
    const answer = await this.#app.fetch('/v1/activity?minutes=20');
    return Counts.parse(await answer.json()).types[this.type] ?? 0;
  }

  /** What the archiving consumer has kept of it: lines of one partition are in order. */
  async archived(): Promise<readonly ArchivedLine[]> {
    for (const { key, etag } of await this.#changedObjects()) {
      const { Body } = await this.#app.s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      const lines = ((await Body?.transformToString()) ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Line.parse(JSON.parse(line)))
        .filter(({ event }) => event.type === this.type);
      this.#objects.set(key, { etag, lines });
    }
    // Sequence numbers have as many digits in all objects: by their names the objects of a shard are in order.
    return [...this.#objects]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([, { lines }]) => lines);
  }

  async #changedObjects(): Promise<{ key: string; etag: string }[]> {
    const changed: { key: string; etag: string }[] = [];
    const pages = paginateListObjectsV2({ client: this.#app.s3 }, { Bucket: this.#bucket });
    for await (const { Contents = [] } of pages) {
      for (const { Key: key = '', ETag: etag = '' } of Contents) {
        if (this.#objects.get(key)?.etag !== etag) changed.push({ key, etag });
      }
    }
    return changed;
  }
}

/** Which record of which subject: `subject/n`. */
export const nameOf = ({ event }: ArchivedLine): string =>
  `${event.subject}/${z.object({ n: z.number() }).parse(event.data).n}`;
