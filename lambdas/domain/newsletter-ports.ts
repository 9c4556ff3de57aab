import type {
  ConfirmationRequested,
  Issue,
  NewsletterContinued,
  NewsletterPublished,
  WebhookDue,
} from '../messages/newsletter-messages.ts';
import type { Channel } from '../messages/newsletter-requests.ts';
import type { Subscription } from './subscription.ts';

/** Some subscriptions, and after which id the next ones follow, if there may be any. */
export interface SubscriptionPage {
  readonly subscriptions: readonly Subscription[];
  readonly next?: string | undefined;
}

/** Where subscriptions are kept. `find` sees every write that was acknowledged before; the lists may lag behind. */
export interface Subscriptions {
  add(subscription: Subscription): Promise<void>;
  find(id: string): Promise<Subscription | undefined>;
  /** Keeps it if what is stored is still one step (`seq`) behind; otherwise says `false` and changes nothing. */
  replace(subscription: Subscription): Promise<boolean>;
  /** One page of the confirmed subscriptions of a channel to a topic, by their ids; it may be empty before the last. */
  receiving(channel: Channel, topic: string, after?: string): Promise<SubscriptionPage>;
  /** The confirmed subscriptions of one address. */
  ofAddress(channel: Channel, address: string): Promise<readonly Subscription[]>;
}

/** Asks an address, through its own channel, whether it wants what was asked for in its name. */
export interface Confirmations {
  send(message: ConfirmationRequested): Promise<void>;
}

/** Gives each subscriber of the topic a copy. */
export interface Newsletters {
  publish(message: NewsletterPublished): Promise<void>;
}

/** Brings the rest of an issue's subscribers back to the queue that the issue came from. */
export interface Continuations {
  send(message: NewsletterContinued): Promise<void>;
}

/** What lies in an inbox. */
export interface Mail {
  readonly address: string;
  /** Sorts by time, and is the same for every attempt to deliver it. */
  readonly messageId: string;
  readonly type: 'newsletter.issue' | 'subscription.confirmation';
  readonly receivedAt: string;
  readonly subject: string;
  readonly body: string;
  readonly topic?: string | undefined;
  readonly issueId?: string | undefined;
  readonly subscriptionId: string;
  /** Only in the mail that asks for confirmation. */
  readonly token?: string | undefined;
  /** As in the header of an e-mail. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly links: Readonly<Record<string, string>>;
}

/** One page of an inbox, newest first; `cursor` is there when more follow. */
export interface MailPage {
  readonly mail: readonly Mail[];
  readonly cursor?: string | undefined;
}

export interface Inboxes {
  /** The same mail again changes nothing. */
  deliver(mail: readonly Mail[]): Promise<void>;
  /** @throws {ProblemError} `invalid-request` when the cursor was not made for this address */
  list(address: string, page: { limit: number; cursor?: string | undefined }): Promise<MailPage>;
}

/** Keeps alerts, each once. */
export interface Alerts {
  keep(issue: Issue): Promise<void>;
}

/** Gives each message to one of the workers that send webhooks. */
export interface WebhookQueue {
  /** Resolves when all are taken. */
  send(messages: readonly WebhookDue[]): Promise<void>;
}

/** Which webhooks were delivered: a message that is received again is not sent again. */
export interface Receipts {
  has(id: string): Promise<boolean>;
  add(id: string): Promise<void>;
}
