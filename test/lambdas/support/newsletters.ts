import { newsletterPublished } from '../../../lambdas/domain/newsletter-events.ts';
import type {
  Continuations,
  Inboxes,
  Mail,
  SubscriptionPage,
  Subscriptions,
} from '../../../lambdas/domain/newsletter-ports.ts';
import type { Subscription } from '../../../lambdas/domain/subscription.ts';
import { hashOf } from '../../../lambdas/domain/subscription-tokens.ts';
import type {
  Issue,
  NewsletterContinued,
  NewsletterPublished,
} from '../../../lambdas/messages/newsletter-messages.ts';
import { clock, NOW, trace } from './jobs.ts';

export const API_URL = 'https://api.example.com/live/v1';
export const TOKEN = 'the-token';
export const SECRET = `whsec_${Buffer.from('a secret of 24 bytes or so').toString('base64')}`;

export const aSubscription = (change: Partial<Subscription> = {}): Subscription => ({
  id: '22222222-2222-4222-8222-222222222222',
  channel: 'inbox',
  address: 'ann',
  topics: ['news'],
  status: 'confirmed',
  seq: 2,
  createdAt: NOW,
  tokenHash: hashOf(TOKEN),
  secret: SECRET,
  ...change,
});

export const anIssue: Issue = {
  issueId: 'issue-1',
  topic: 'news',
  subject: 'News',
  body: 'There are some.',
  publishedAt: NOW,
  apiUrl: API_URL,
};

export const aPublished = (issue = anIssue): NewsletterPublished => newsletterPublished(issue, trace, clock);

/** A store that behaves as its contract says, and can be made to lose a race. */
export class MemorySubscriptions implements Subscriptions {
  readonly stored = new Map<string, Subscription>();
  pageSize = 100;
  /** Runs between a read and the write that follows it: another writer. */
  beforeReplace: () => void = () => {};

  constructor(...subscriptions: Subscription[]) {
    for (const one of subscriptions) this.stored.set(one.id, one);
  }

  async add(subscription: Subscription): Promise<void> {
    this.stored.set(subscription.id, subscription);
  }

  async find(id: string): Promise<Subscription | undefined> {
    return this.stored.get(id);
  }

  async replace(subscription: Subscription): Promise<boolean> {
    this.beforeReplace();
    if (this.stored.get(subscription.id)?.seq !== subscription.seq - 1) return false;
    this.stored.set(subscription.id, subscription);
    return true;
  }

  async receiving(channel: string, topic: string, after = ''): Promise<SubscriptionPage> {
    const following = this.#confirmed()
      .filter((one) => one.channel === channel && one.id > after)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const read = following.slice(0, this.pageSize);
    return {
      subscriptions: read.filter(({ topics }) => topics.includes(topic)),
      next: following.length > read.length ? read.at(-1)?.id : undefined,
    };
  }

  async ofAddress(channel: string, address: string): Promise<readonly Subscription[]> {
    return this.#confirmed().filter((one) => one.channel === channel && one.address === address);
  }

  get(id: string): Subscription {
    const found = this.stored.get(id);
    if (!found) throw new Error(`${id} is not stored`);
    return found;
  }

  #confirmed(): Subscription[] {
    return [...this.stored.values()].filter(({ status }) => status === 'confirmed');
  }
}

export class MemoryContinuations implements Continuations {
  readonly sent: NewsletterContinued[] = [];

  async send(message: NewsletterContinued): Promise<void> {
    this.sent.push(message);
  }
}

export class MemoryInboxes implements Pick<Inboxes, 'deliver'> {
  readonly stored = new Map<string, Mail>();

  async deliver(mail: readonly Mail[]): Promise<void> {
    for (const one of mail) this.stored.set(`${one.address} ${one.messageId}`, one);
  }

  of(address: string): Mail[] {
    return [...this.stored.values()].filter((mail) => mail.address === address);
  }
}

const keys = (...names: readonly [string, string?]) =>
  names.flatMap((AttributeName, index) =>
    AttributeName === undefined
      ? []
      : [{ AttributeName, KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const) }],
  );

const table = (...names: readonly [string, string?]) => ({
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: keys(...names).map(({ AttributeName }) => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  KeySchema: keys(...names),
});

export const byId = table('id');
export const inboxesTable = table('address', 'messageId');
export const subscriptionsTable = {
  ...byId,
  AttributeDefinitions: ['id', 'confirmedChannel', 'confirmedAddress'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  GlobalSecondaryIndexes: [
    ['byChannel', 'confirmedChannel'] as const,
    ['byAddress', 'confirmedAddress'] as const,
  ].map(([IndexName, name]) => ({
    IndexName,
    KeySchema: keys(name, 'id'),
    Projection: { ProjectionType: 'ALL' as const },
  })),
};
