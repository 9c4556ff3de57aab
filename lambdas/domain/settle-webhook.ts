import type { WebhookOutcome } from './deliver-webhook.ts';
import type { DeadLetters } from './ports.ts';
import type { Retries } from './push-ports.ts';
import { delayAfter } from './webhook-retries.ts';

/** The message that a webhook came from, as the queue has delivered it. */
export interface WebhookMessageDelivery {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Counts the attempts: 1 for the first. */
  readonly receiveCount: number;
}

/** The message has to fail, so that it stays in the queue; hidden as it is, it comes again when it is time. */
export class TryAgainLater extends Error {
  override readonly name = 'TryAgainLater';
}

/**
 * Draws the consequence of one attempt: a webhook that was not taken is tried again, later and later; one that was tried
 * often enough, or that must not be sent, becomes a dead letter with its cause.
 * @throws {TryAgainLater}
 */
export const settleWebhook = async (
  outcome: WebhookOutcome,
  subscriptionId: string,
  { messageId, receiptHandle, body, receiveCount }: WebhookMessageDelivery,
  { retries, deadLetters, random }: { retries: Retries; deadLetters: DeadLetters; random: () => number },
): Promise<void> => {
  const giveUp = (cause: string) => deadLetters.forward(body, { cause, subscriptionId, messageId });
  if (outcome === 'refused') return giveUp('The address of the webhook is none that anything is sent to');
  if (outcome !== 'retry') return;
  const delay = delayAfter(receiveCount, random());
  if (delay === undefined) return giveUp(`The webhook was not taken in ${receiveCount} attempts`);
  await retries.hide(receiptHandle, delay);
  throw new TryAgainLater(`The webhook was not taken; attempt ${receiveCount + 1} follows in ${delay} s`);
};
