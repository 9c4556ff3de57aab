/** One signed event for one receiver. */
export interface WebhookDelivery {
  readonly url: string;
  /** `whsec_` and the key in base64. Never logged. */
  readonly secret: string;
  /** The same for every attempt: receivers tell repetitions by it. */
  readonly id: string;
  /** The time of this attempt. */
  readonly timestamp: Date;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * - `delivered`: the receiver has answered 2xx.
 * - `gone`: 410, it wants no more.
 * - `refused`: nothing was sent, as the address is none that webhooks go to.
 * - `retry`: everything else, be it another status, a redirect or no answer in time.
 */
export type WebhookAnswer = 'delivered' | 'gone' | 'refused' | 'retry';

/** Sends one event to one receiver, once: who calls decides on repetitions. */
export interface WebhookSender {
  /** @throws {Error} when the secret is not one */
  send(delivery: WebhookDelivery): Promise<WebhookAnswer>;
}
