import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { KafkaDoor } from './door.ts';

const Line = z.union([
  z.object({ assigned: z.array(z.number()) }),
  z.object({ partition: z.number(), offset: z.number(), key: z.string(), value: z.string() }),
]);

export type Handled = Extract<z.infer<typeof Line>, { partition: number }>;

/** A member of a consumer group in a process of its own. */
export class Member {
  readonly handled: Handled[] = [];
  /** The partitions that it has, undefined until it has joined. */
  assigned: readonly number[] | undefined;
  readonly #process: ChildProcess;

  constructor({ bootstrapServers }: KafkaDoor, topic: string, groupId: string) {
    const program = join(import.meta.dirname, '..', 'member.ts');
    const quiet = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
    const child = spawn(process.execPath, [...quiet, program, bootstrapServers, topic, groupId], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    createInterface(child.stdout).on('line', (text) => {
      const line = Line.parse(JSON.parse(text));
      if ('assigned' in line) this.assigned = line.assigned;
      else this.handled.push(line);
    });
  }

  /** SIGKILL: it leaves no group and commits nothing. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    await ended;
  }
}
