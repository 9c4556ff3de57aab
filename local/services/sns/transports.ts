import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '../../clock.ts';
import { AwsError } from '../../errors.ts';
import type { Caller, Functions, MessageAttribute, OutgoingMessage, Queues } from '../../ports.ts';
import type { Envelopes } from './envelope.ts';
import { type Notification, type Subscription, textFor } from './model.ts';

/** A delivery that failed: `permanent` ones are not retried ("client-side errors" in the Amazon SNS guide). */
export class DeliveryError extends Error {
  readonly permanent: boolean;

  constructor(message: string, permanent: boolean) {
    super(message);
    this.permanent = permanent;
  }
}

const THROTTLED = /Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable/;

/** An endpoint that is gone or that refuses is permanent; a throttle and a fault of the service are not. */
const asDeliveryError = (error: unknown): DeliveryError => {
  if (!(error instanceof AwsError)) return new DeliveryError(String(error), false);
  const retryable = error.status >= 500 || error.status === 429 || THROTTLED.test(error.code);
  return new DeliveryError(`${error.code}: ${error.message}`, !retryable);
};

/** A server has this long to answer: "Amazon SNS message delivery", HTTP/S. */
const HTTP_TIMEOUT_MS = 15_000;

export interface HttpOptions {
  readonly contentType: string;
}

/** Brings one notification to one subscriber, once. Throws DeliveryError. */
export class Transports {
  readonly #queues: Queues;
  readonly #functions: Functions;
  readonly #envelopes: Envelopes;
  readonly #clock: Clock;

  constructor(ports: { queues: Queues; functions: Functions }, envelopes: Envelopes, clock: Clock) {
    this.#queues = ports.queues;
    this.#functions = ports.functions;
    this.#envelopes = envelopes;
    this.#clock = clock;
  }

  async deliver(notification: Notification, subscription: Subscription, http: HttpOptions): Promise<void> {
    const { protocol, endpoint } = subscription;
    if (protocol === 'sqs') return this.toQueue(endpoint, notification, subscription);
    if (protocol === 'lambda') {
      const event = await this.#envelopes.lambdaEvent(notification, subscription);
      return this.#asService(notification, (caller) => this.#functions.invokeAsync(endpoint, event, caller));
    }
    return this.#post(notification, subscription, http);
  }

  /** To a subscribed queue, or to a subscription's dead-letter queue, which gets the very same. */
  async toQueue(queueArn: string, notification: Notification, subscription: Subscription): Promise<void> {
    const isRaw = subscription.attributes.RawMessageDelivery === 'true';
    const message = isRaw
      ? { body: textFor(notification, subscription.protocol), attributes: rawAttributes(notification) }
      : { body: await this.#envelopes.document(notification, subscription) };
    await this.#asService(notification, (caller) =>
      this.#queues.send(queueArn, { ...message, ...systemAttributes(notification, queueArn) }, caller),
    );
  }

  async #asService(notification: Notification, call: (caller: Caller) => Promise<unknown>): Promise<void> {
    try {
      await call({ kind: 'service', service: 'sns.amazonaws.com', sourceArn: notification.topicArn });
    } catch (error) {
      throw asDeliveryError(error);
    }
  }

  async #post(notification: Notification, subscription: Subscription, http: HttpOptions): Promise<void> {
    const isNotification = notification.type === 'Notification';
    const isRaw = isNotification && subscription.attributes.RawMessageDelivery === 'true';
    const body = isRaw
      ? textFor(notification, subscription.protocol)
      : await this.#envelopes.document(notification, subscription);
    const status = await this.#send(subscription.endpoint, body, {
      'x-amz-sns-message-type': notification.type,
      'x-amz-sns-message-id': notification.messageId,
      'x-amz-sns-topic-arn': notification.topicArn,
      ...(notification.type === 'SubscriptionConfirmation'
        ? {}
        : { 'x-amz-sns-subscription-arn': subscription.arn }),
      ...(isRaw ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
      'content-type': isNotification ? http.contentType : 'text/plain; charset=UTF-8',
    });
    if (status >= 200 && status < 300) return;
    throw new DeliveryError(`HTTP ${status}`, status < 500 && status !== 429);
  }

  #send(endpoint: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const open = endpoint.startsWith('https:') ? requestHttps : requestHttp;
    const request = open(endpoint, {
      method: 'POST',
      headers: {
        ...headers,
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Amazon Simple Notification Service Agent',
        'accept-encoding': 'gzip,deflate',
      },
    });
    const timeout = this.#clock.after(HTTP_TIMEOUT_MS, () =>
      request.destroy(new Error('no answer within 15 s')),
    );
    request.on('error', (error) => reject(new DeliveryError(error.message, false)));
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.end(body);
    return promise.finally(() => timeout.cancel());
  }
}

const rawAttributes = ({ attributes }: Notification): Record<string, MessageAttribute> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, value }]) => [
      name,
      dataType.startsWith('Binary')
        ? { dataType, binaryValue: Buffer.from(value, 'base64') }
        : { dataType, stringValue: value },
    ]),
  );

/** A FIFO queue gets group and deduplication id; a standard queue of a standard topic the group, for fair queues. */
const systemAttributes = (
  { groupId, deduplicationId, traceHeader }: Notification,
  queueArn: string,
): Pick<OutgoingMessage, 'groupId' | 'deduplicationId' | 'traceHeader'> => {
  const toFifo = queueArn.endsWith('.fifo');
  return {
    ...(groupId !== undefined && (toFifo || deduplicationId === undefined) ? { groupId } : {}),
    ...(deduplicationId !== undefined && toFifo ? { deduplicationId } : {}),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  };
};
