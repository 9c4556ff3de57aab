import type { Filterable, FilterPolicy } from './filter-policy.ts';
import { filterableAttributes } from './message-attributes.ts';
import type { Notification, Subscription } from './model.ts';

/** What one message offers to the filters of all subscribers, read once. */
export class Offered {
  readonly #notification: Notification;
  #attributes: { readonly value: Filterable | undefined } | undefined;
  #body: { readonly value: Filterable | undefined } | undefined;

  constructor(notification: Notification) {
    this.#notification = notification;
  }

  /** The last part of the metric's name that says why the message was filtered out; nothing when it was not. */
  refusal(filter: FilterPolicy, { attributes }: Subscription): string | undefined {
    if (attributes.FilterPolicyScope === 'MessageBody') {
      this.#body ??= { value: jsonObject(this.#notification.message) };
      if (!this.#body.value) return 'InvalidMessageBody';
      return filter.accepts(this.#body.value) ? undefined : 'MessageBody';
    }
    this.#attributes ??= { value: filterableAttributes(this.#notification.attributes) };
    if (!this.#attributes.value) return 'InvalidAttributes';
    if (filter.accepts(this.#attributes.value)) return undefined;
    return Object.keys(this.#notification.attributes).length === 0
      ? 'NoMessageAttributes'
      : 'MessageAttributes';
  }
}

const jsonObject = (text: string): Filterable | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};
