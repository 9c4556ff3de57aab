import { isFifoTopic, type Notification, type Subscription, textFor } from './model.ts';
import type { Signer } from './signer.ts';

/** Where the endpoint gives the certificate of the key that signs. */
export const CERTIFICATE_PATH = '/_local/sns/certificate.pem';

/** `"Name" : value`, as AWS spaces it. */
const json = (fields: readonly (readonly [string, string | undefined])[]): string =>
  `{\n${fields.flatMap(([name, value]) => (value === undefined ? [] : [`  ${JSON.stringify(name)} : ${value}`])).join(',\n')}\n}`;

const quoted = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : JSON.stringify(text);

const attributesOf = ({ attributes }: Notification): Record<string, { Type: string; Value: string }> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, value }]) => [name, { Type: dataType, Value: value }]),
  );

const attributesJson = (notification: Notification): string | undefined => {
  const lines = Object.entries(attributesOf(notification)).map(
    ([name, value]) => `    ${JSON.stringify(name)} : ${JSON.stringify(value)}`,
  );
  return lines.length === 0 ? undefined : `{\n${lines.join(',\n')}\n  }`;
};

const url = (endpoint: string, parameters: Readonly<Record<string, string>>): string =>
  `${endpoint}/?${Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')}`;

/** What a subscriber gets around a message: "Parsing Amazon SNS message formats". */
export class Envelopes {
  readonly #endpoint: string;
  readonly #signer: Signer;

  /** @param endpoint where this cloud answers: SigningCertURL, UnsubscribeURL and SubscribeURL lead there. */
  constructor(endpoint: string, signer: Signer) {
    this.#endpoint = endpoint;
    this.#signer = signer;
  }

  /** The JSON document that queues and web servers get. What comes from a FIFO topic is not signed (recorded 2023). */
  async document(notification: Notification, subscription: Subscription): Promise<string> {
    const { type, messageId, sequenceNumber, topicArn, subject, token } = notification;
    const text = textFor(notification, subscription.protocol);
    const signed = !isFifoTopic(topicArn);
    const isConfirmation = type !== 'Notification';
    const subscribeUrl = isConfirmation
      ? url(this.#endpoint, { Action: 'ConfirmSubscription', TopicArn: topicArn, Token: token ?? '' })
      : undefined;
    return json([
      ['Type', quoted(type)],
      ['MessageId', quoted(messageId)],
      ['Token', quoted(token)],
      ['SequenceNumber', quoted(sequenceNumber)],
      ['TopicArn', quoted(topicArn)],
      ['Subject', quoted(subject)],
      ['Message', quoted(text)],
      ['SubscribeURL', quoted(subscribeUrl)],
      ['Timestamp', quoted(new Date(notification.timestamp).toISOString())],
      ['SignatureVersion', signed ? quoted(notification.signatureVersion) : undefined],
      ['Signature', signed ? quoted(await this.#signer.sign(notification, text, subscribeUrl)) : undefined],
      ['SigningCertURL', signed ? quoted(this.#certificateUrl) : undefined],
      ['UnsubscribeURL', isConfirmation ? undefined : quoted(this.#unsubscribeUrl(subscription))],
      ['MessageAttributes', isConfirmation ? undefined : attributesJson(notification)],
    ]);
  }

  /** The event that a function gets: AWS Lambda guide, "Invoking Lambda functions with Amazon SNS notifications". */
  async lambdaEvent(notification: Notification, subscription: Subscription): Promise<string> {
    const text = textFor(notification, 'lambda');
    return JSON.stringify({
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: subscription.arn,
          Sns: {
            Type: 'Notification',
            MessageId: notification.messageId,
            TopicArn: notification.topicArn,
            Subject: notification.subject ?? null,
            Message: text,
            Timestamp: new Date(notification.timestamp).toISOString(),
            // Always that, even of a signature of version 2 (recorded on AWS, 04-01-2024).
            SignatureVersion: '1',
            Signature: await this.#signer.sign(notification, text),
            SigningCertUrl: this.#certificateUrl,
            UnsubscribeUrl: this.#unsubscribeUrl(subscription),
            MessageAttributes: attributesOf(notification),
          },
        },
      ],
    });
  }

  get #certificateUrl(): string {
    return `${this.#endpoint}${CERTIFICATE_PATH}`;
  }

  #unsubscribeUrl(subscription: Subscription): string {
    return url(this.#endpoint, { Action: 'Unsubscribe', SubscriptionArn: subscription.arn });
  }
}
