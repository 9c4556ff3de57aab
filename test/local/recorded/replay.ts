import { randomUUID } from 'node:crypto';
import { SystemClock } from '../../../local/clock.ts';
import type { Cloud } from '../../../local/cloud.ts';
import type { Recorded } from './wire/http.ts';

/** The steps of one recorded test, done again: each answer is noted under the label that it was recorded with. */
export type Script = (replay: Replay) => Promise<void>;

export type Scripts = Readonly<Record<string, Script>>;

/** What the steps of one case have at hand. */
export class Replay {
  readonly answers: Record<string, unknown> = {};
  /** Labels of answers that this app has no use for, while it has for others of the same case; with the reason. */
  readonly left: Record<string, string> = {};
  readonly cloud: Cloud;
  /** What stands in brackets behind the case's name. */
  readonly parameters: string;
  readonly #run = randomUUID().slice(0, 8);
  #names = 0;

  constructor(cloud: Cloud, parameters: string) {
    this.cloud = cloud;
    this.parameters = parameters;
  }

  get endpoint(): string {
    return this.cloud.endpoint;
  }

  /** A name that nothing else has. */
  name(suffix = ''): string {
    this.#names += 1;
    return `replay-${this.#run}-${this.#names}${suffix}`;
  }

  note(label: string, answer: unknown): void {
    this.answers[label] = answer;
  }

  leave(reason: string, ...labels: readonly string[]): void {
    for (const label of labels) this.left[label] = reason;
  }

  /** Moves the local cloud's time on, and lets it do what was due. */
  async pass(ms: number): Promise<void> {
    const { clock } = this.cloud;
    if (!(clock instanceof SystemClock)) throw new Error('The time of this cloud cannot be moved');
    clock.advance(ms);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** The value at a path of an answer; undefined when there is none. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([name]) => name === String(key))?.[1]
        : undefined,
    value,
  );

/** @throws when there is no text at that path: the step before has failed. */
export const textAt = (value: unknown, ...path: readonly (string | number)[]): string => {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  throw new Error(`no ${path.join('.')} in ${JSON.stringify(value)?.slice(0, 300)}`);
};

/** The list at a path; empty when there is none. */
export const listAt = (value: unknown, ...path: readonly (string | number)[]): unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** @throws when the answer is an error: a step that only prepares has failed. */
export const worked = (answer: Recorded): Recorded => {
  if (at(answer, 'Error') === undefined) return answer;
  throw new Error(`a preparing step failed: ${JSON.stringify(at(answer, 'Error'))}`);
};

/** Asks again until the answer will do, at most five seconds. */
export const eventually = async <T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> => {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const answer = await ask();
    if (good(answer) || performance.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** JSON with the spaces that the recorded messages had: some are compared as text. */
export const pythonJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`)
    .join(', ')}}`;
};
