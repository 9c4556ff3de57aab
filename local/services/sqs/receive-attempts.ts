import type { Message } from './message.ts';

interface Attempt {
  readonly at: number;
  /** Each message as that receive left it: a change since makes the attempt void. */
  readonly received: readonly {
    readonly message: Message;
    readonly receive: number;
    readonly visibleAt: number;
  }[];
}

const ATTEMPT_MS = 5 * 60 * 1000;

/**
 * `ReceiveRequestAttemptId`: who lost the answer to a receive repeats it within five minutes, and gets the same
 * messages with the same receipt handles.
 */
export class ReceiveAttempts {
  readonly #attempts = new Map<string, Attempt>();

  remember(id: string, messages: readonly Message[], now: number): void {
    this.#forgetOld(now);
    const received = messages.map((message) => ({
      message,
      receive: message.receiveCount,
      visibleAt: message.visibleAt,
    }));
    this.#attempts.delete(id);
    this.#attempts.set(id, { at: now, received });
  }

  /** The messages of that attempt, or nothing when one of them was deleted, shown, hidden anew or received again. */
  recall(id: string, now: number, isInFlight: (message: Message) => boolean): Message[] | undefined {
    this.#forgetOld(now);
    const attempt = this.#attempts.get(id);
    const unchanged = attempt?.received.every(
      ({ message, receive, visibleAt }) =>
        isInFlight(message) && message.receiveCount === receive && message.visibleAt === visibleAt,
    );
    return unchanged ? attempt?.received.map(({ message }) => message) : undefined;
  }

  #forgetOld(now: number): void {
    for (const [id, { at }] of this.#attempts) {
      if (at + ATTEMPT_MS > now) return;
      this.#attempts.delete(id);
    }
  }
}
