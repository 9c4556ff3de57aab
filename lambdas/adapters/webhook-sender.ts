import { promises as dns, type LookupAddress } from 'node:dns';
import { type IncomingMessage, request as overHttp, type RequestOptions } from 'node:http';
import { request as overHttps } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { isAllowedAddress, type WebhookRules, webhookUrl } from '../domain/webhook-address.ts';
import type { WebhookAnswer, WebhookDelivery, WebhookSender } from '../domain/webhook-sender.ts';

export interface WebhookSenderOptions extends WebhookRules {
  /** How long one attempt may take, from the lookup of the name to the status. @default 5000 */
  readonly timeoutMs?: number;
  /** @default the resolver of the operating system */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
}

/**
 * Sends events as Standard Webhooks has it (`webhook-id`, `webhook-timestamp`, `webhook-signature`), once per call: who
 * calls decides on repetitions. A name is looked up once, and the connection goes to the very address that was checked: a
 * second lookup could give another one (DNS rebinding). Redirects are not followed, as they could lead anywhere.
 */
export const createWebhookSender = ({
  allowPrivate,
  timeoutMs = 5_000,
  resolve = (hostname) => dns.lookup(hostname, { all: true }),
}: WebhookSenderOptions): WebhookSender => {
  const lookup = checkedLookup({ allowPrivate }, resolve);
  return {
    async send(delivery) {
      const url = webhookUrl(delivery.url, { allowPrivate });
      if (!url) return 'refused';
      const headers = signedHeaders(delivery);
      try {
        const status = await post(url, delivery.body, {
          method: 'POST',
          headers,
          lookup,
          // A connection of its own: a kept one would not be looked up and checked again.
          agent: false,
          signal: AbortSignal.timeout(timeoutMs),
        });
        return answerOf(status);
      } catch (error) {
        return error instanceof RefusedAddressError ? 'refused' : 'retry';
      }
    },
  };
};

const answerOf = (status: number): WebhookAnswer => {
  if (status >= 200 && status < 300) return 'delivered';
  return status === 410 ? 'gone' : 'retry';
};

const signedHeaders = ({ secret, id, timestamp, body, headers }: WebhookDelivery) => ({
  'content-type': 'application/json',
  'user-agent': 'serverless-ipc',
  ...headers,
  'content-length': Buffer.byteLength(body),
  'webhook-id': id,
  'webhook-timestamp': Math.floor(timestamp.getTime() / 1_000),
  'webhook-signature': new Webhook(secret).sign(id, timestamp, body),
});

/** Only the status counts: the body is given up unread, however long it is. */
const post = (url: URL, body: string, options: RequestOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? overHttps : overHttp;
    const answered = (response: IncomingMessage): void => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    };
    send(url, options, answered).on('error', reject).end(body);
  });

/** One address of the wrong kind is enough to refuse a name: which of them is connected to is not ours to choose. */
const checkedLookup =
  (
    rules: WebhookRules,
    resolve: NonNullable<WebhookSenderOptions['resolve']>,
  ): NonNullable<RequestOptions['lookup']> =>
  (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => isAllowedAddress(address, rules)))
          return callback(new RefusedAddressError(hostname), []);
        return all ? callback(null, [...addresses]) : callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, []),
    );
  };
