import { randomUUID } from 'node:crypto';
import type { Admin } from '../admin.ts';

/** The answers that are awaited at each cloud, by token. */
const awaited = new WeakMap<Admin, Map<string, string | undefined>>();

/**
 * Where a custom resource's function answers, for one request: on AWS a presigned URL of S3.
 * Its own path of the endpoint, unsigned, with a token that nobody else can know.
 */
export class ResponseReceiver {
  readonly url: string;
  readonly #token = randomUUID();
  readonly #answers: Map<string, string | undefined>;

  constructor(admin: Admin, endpoint: string) {
    this.#answers = answersOf(admin);
    this.#answers.set(this.#token, undefined);
    this.url = `${endpoint}/_local/cfn-response/${this.#token}`;
  }

  /** What the function has answered so far. */
  get response(): string | undefined {
    return this.#answers.get(this.#token);
  }

  close(): void {
    this.#answers.delete(this.#token);
  }
}

const answersOf = (admin: Admin): Map<string, string | undefined> => {
  const known = awaited.get(admin);
  if (known) return known;
  const answers = new Map<string, string | undefined>();
  awaited.set(admin, answers);
  admin.on('PUT', '/_local/cfn-response/{token}', ({ parameters: { token = '' }, body }) => {
    if (!answers.has(token)) return { status: 404, json: { error: 'nobody waits for this answer' } };
    answers.set(token, body.toString());
    return { json: {} };
  });
  return answers;
};
