import type { OutputsFile } from './outputs.ts';

/** Where the app runs. A scenario sees no difference, except for what only an own machine can do. */
export interface Target {
  readonly name: 'local' | 'endpoint' | 'aws';
  readonly outputs: OutputsFile;
  /** The address of the cloud's services; on AWS the SDK knows it. */
  readonly endpoint?: string;
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
