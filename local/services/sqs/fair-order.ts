import { LinkedList } from './linked-list.ts';
import { isReceived, type Message } from './message.ts';
import type { DeliveryOrder } from './message-book.ts';

/** More than this share of what is in flight, and at least so many messages, make a tenant a noisy neighbour. */
const NOISY_SHARE = 0.1;
const NOISY_IN_FLIGHT = 30;

/** Who sends with one message group id. */
interface Tenant {
  readonly inFlight: Set<Message>;
  /** Visible messages that those of other tenants have gone past, in their order. */
  readonly passed: Set<Message>;
}

/**
 * The order of a standard queue: as messages became visible, but those of a tenant that takes up the consumers wait for
 * those of quiet tenants ("How Amazon SQS fair queues work"). A message without a group id is a tenant of its own.
 * Each message is set aside at most once for as long as its tenant is noisy, so that a backlog costs the others nothing.
 */
export class FairOrder implements DeliveryOrder {
  readonly #inFlight: () => number;
  #visible = visibleMessages();
  #tenants = new Map<string, Tenant>();
  #passed = new Set<Tenant>();

  /** @param inFlight how many messages of the queue are received and not yet deleted */
  constructor(inFlight: () => number) {
    this.#inFlight = inFlight;
  }

  joined(message: Message): void {
    if (isReceived(message)) this.#tenantOf(message)?.inFlight.add(message);
  }

  left(message: Message): void {
    this.#returned(message);
  }

  appeared(message: Message): void {
    const tenant = this.#returned(message);
    if (tenant && tenant.passed.size > 0) tenant.passed.add(message);
    else this.#visible.append(message);
  }

  disappeared(message: Message): void {
    const tenant = this.#tenantOf(message);
    if (!tenant?.passed.delete(message)) this.#visible.remove(message);
    else if (tenant.passed.size === 0) this.#passed.delete(tenant);
    tenant?.inFlight.add(message);
  }

  *offered(): Iterable<Message> {
    const quietAgain = [...this.#passed].filter((tenant) => !this.#isNoisy(tenant));
    for (const { passed } of quietAgain) yield* passed;
    yield* this.#ofQuietTenants();
    const noisy = [...this.#passed].filter((tenant) => !quietAgain.includes(tenant));
    for (const { passed } of noisy.sort((a, b) => a.inFlight.size - b.inFlight.size)) yield* passed;
  }

  emptied(): void {
    this.#visible = visibleMessages();
    this.#tenants = new Map();
    this.#passed = new Set();
  }

  /** Those of noisy tenants that are met on the way are set aside. */
  *#ofQuietTenants(): Iterable<Message> {
    let message = this.#visible.first;
    while (message) {
      const { next, groupId } = message;
      const tenant = groupId === undefined ? undefined : this.#tenants.get(groupId);
      if (tenant && this.#isNoisy(tenant)) {
        this.#visible.remove(message);
        tenant.passed.add(message);
        this.#passed.add(tenant);
      } else yield message;
      message = next;
    }
  }

  #isNoisy({ inFlight: { size } }: Tenant): boolean {
    return size >= NOISY_IN_FLIGHT && size > this.#inFlight() * NOISY_SHARE;
  }

  /** No consumer has the message any more. @returns its tenant, if that has others waiting or in flight */
  #returned(message: Message): Tenant | undefined {
    const { groupId } = message;
    const tenant = groupId === undefined ? undefined : this.#tenants.get(groupId);
    if (!tenant || groupId === undefined) return undefined;
    tenant.inFlight.delete(message);
    if (tenant.inFlight.size + tenant.passed.size > 0) return tenant;
    this.#tenants.delete(groupId);
    return undefined;
  }

  #tenantOf({ groupId }: Message): Tenant | undefined {
    if (groupId === undefined) return undefined;
    const tenant = this.#tenants.get(groupId) ?? { inFlight: new Set(), passed: new Set() };
    this.#tenants.set(groupId, tenant);
    return tenant;
  }
}

const visibleMessages = () => new LinkedList<Message>((message) => message);
