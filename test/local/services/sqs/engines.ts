import { randomUUID } from 'node:crypto';
import { VirtualClock } from '../../../../local/clock.ts';
import { FifoQueue } from '../../../../local/services/sqs/fifo-queue.ts';
import type { Delivery, Message } from '../../../../local/services/sqs/message.ts';
import type { QueueSettings } from '../../../../local/services/sqs/message-queue.ts';
import { StandardQueue } from '../../../../local/services/sqs/standard-queue.ts';

const settings: QueueSettings = { visibilityMs: 30_000, delayMs: 0, retentionMs: 345_600_000 };

const journal = {
  added: () => undefined,
  progressed: () => undefined,
  removed: () => undefined,
  purged: () => undefined,
  deduplicated: () => undefined,
  deduplicationEnded: () => undefined,
};

const contentOf = (body: string, clock: VirtualClock) => ({
  id: randomUUID(),
  body,
  senderId: '000000000000',
  sentAt: clock.now(),
});

/** A standard queue and its clock, with the few calls that tests need. */
export const standardQueue = (overrides: Partial<QueueSettings> = {}, clock = new VirtualClock()) => {
  const dead: Message[] = [];
  const queue = new StandardQueue({
    number: 1,
    clock,
    settings: { ...settings, ...overrides },
    journal,
    deadLetters: () => (overrides.maxReceiveCount ? (message) => dead.push(message) : undefined),
  });
  const send = (body: string, delayMs?: number, groupId?: string) =>
    queue.send([
      { content: { ...contentOf(body, clock), groupId }, ...(delayMs !== undefined && { delayMs }) },
    ]);
  return { queue, clock, dead, send };
};

export const fifoQueue = (overrides: Partial<QueueSettings> = {}, clock = new VirtualClock()) => {
  const dead: Message[] = [];
  const queue = new FifoQueue({
    number: 1,
    clock,
    settings: { ...settings, ...overrides },
    journal,
    deadLetters: () => (overrides.maxReceiveCount ? (message) => dead.push(message) : undefined),
  });
  const send = (groupId: string, body: string, deduplicationId?: string) => {
    const [accepted] = queue.send([
      { ...contentOf(body, clock), groupId, ...(deduplicationId !== undefined && { deduplicationId }) },
    ]);
    if (!accepted) throw new Error('nothing accepted');
    return accepted;
  };
  return { queue, clock, dead, send };
};

export const bodies = (deliveries: readonly Delivery[]) => deliveries.map(({ message }) => message.body);

export const now = { max: 10, waitMs: 0 };
