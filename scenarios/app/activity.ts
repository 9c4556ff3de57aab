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

/** Telemetry of a type that no other run uses, so that what is counted and archived of it is of this one only. */
export class OwnActivity {
  readonly type = `scenario.${randomUUID()}`;
  readonly #app: App;
  readonly #stream: string;
  readonly #bucket: string;
  readonly #known = new Set<string>();
  readonly #archived: ArchivedLine[] = [];

  private constructor(app: App) {
    this.#app = app;
    this.#stream = app.output('ActivityStreamName');
    this.#bucket = app.output('ActivityArchiveBucketName');
  }

  /** What is in the archive already is not looked at. */
  static async begin(app: App): Promise<OwnActivity> {
    const activity = new OwnActivity(app);
    await activity.#newObjects();
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

  /** What the archiving consumer has kept of it, read on from where the last call ended. */
  async archived(): Promise<readonly ArchivedLine[]> {
    for (const Key of await this.#newObjects()) {
      const { Body } = await this.#app.s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
      const lines = ((await Body?.transformToString()) ?? '').split('\n').filter((line) => line !== '');
      this.#archived.push(
        ...lines.map((line) => Line.parse(JSON.parse(line))).filter(({ event }) => event.type === this.type),
      );
    }
    return this.#archived;
  }

  async #newObjects(): Promise<string[]> {
    const fresh: string[] = [];
    const pages = paginateListObjectsV2({ client: this.#app.s3 }, { Bucket: this.#bucket });
    for await (const { Contents = [] } of pages) {
      for (const { Key = '' } of Contents) {
        if (!this.#known.has(Key)) fresh.push(Key);
        this.#known.add(Key);
      }
    }
    return fresh;
  }
}

/** Which record of which subject: `subject/n`. */
export const nameOf = ({ event }: ArchivedLine): string =>
  `${event.subject}/${z.object({ n: z.number() }).parse(event.data).n}`;
