import { z } from 'zod';
import type { OutputsFile } from './outputs.ts';
import { TraceAnswer, type TraceEvent } from './trace/event.ts';

const UnusedGrants = z.object({
  unused: z.array(
    z.object({ roleArn: z.string(), policy: z.string(), action: z.string(), resources: z.array(z.string()) }),
  ),
});
/** An action that the template grants a role, and that nothing has used. */
export type UnusedGrant = z.infer<typeof UnusedGrants>['unused'][number];

/** Where the app runs. A scenario sees no difference, except for what only an own machine can do. */
export interface Target {
  readonly name: 'local' | 'endpoint' | 'aws';
  readonly outputs: OutputsFile;
  /** The address of the cloud's services; on AWS the SDK knows it. */
  readonly endpoint?: string;
  /** Where time cannot be skipped: a scenario that wants to wait for longer than this gives up, in ms. For ever when left out. */
  readonly longestWaitMs?: number;
}

/** A scenario would have to wait for longer than there is patience. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/** Things that only the local cloud can do: skip time, kill a process. */
export class LocalControls {
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** Moves the cloud's clock on: timeouts and delays fall due at once. */
  async skipTime(advanceMs: number): Promise<void> {
    await this.#post('clock', { advanceMs });
  }

  /** SIGKILLs one execution environment of the function, in the middle of whatever it does. */
  async killEnvironment(functionName: string): Promise<void> {
    await this.#post('environments/kill', { function: functionName });
  }

  /** Everything that the roles of the template may do and have not done since the cloud came up. */
  async unusedGrants(): Promise<readonly UnusedGrant[]> {
    const response = await fetch(`${this.#endpoint}/_local/iam/unused-grants`);
    if (!response.ok) throw new Error(`The local cloud does not tell its grants: HTTP ${response.status}`);
    return UnusedGrants.parse(await response.json()).unused;
  }

  /** Everything that has happened in the cloud, as far as it remembers. */
  async trace(): Promise<readonly TraceEvent[]> {
    const response = await fetch(`${this.#endpoint}/_local/trace`);
    if (!response.ok) throw new Error(`The local cloud does not tell its trace: HTTP ${response.status}`);
    return TraceAnswer.parse(await response.json()).events;
  }

  async #post(path: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.#endpoint}/_local/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`The local cloud refused ${path}: ${response.status} ${await response.text()}`);
  }
}
