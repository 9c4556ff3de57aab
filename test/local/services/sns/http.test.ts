import { createVerify, X509Certificate } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { eventually, listen, onTheWire, queueArn, settle, type Wire } from './harness.ts';

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A subscriber's web server: what it got, and the status that it answers. */
class Subscriber {
  readonly posts: Post[] = [];
  status = 200;
  readonly server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    this.posts.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(this.status).end();
  });

  post(index: number): Promise<Post> {
    return eventually(() => this.posts[index]);
  }
}

let wire: Wire;
let subscriber: Subscriber;
let Endpoint: string;
let TopicArn: string;

beforeEach(async () => {
  wire = await onTheWire();
  subscriber = new Subscriber();
  Endpoint = await listen(subscriber.server);
  const created = await wire.client.send(
    new CreateTopicCommand({ Name: 'Events', Attributes: { SignatureVersion: '2' } }),
  );
  TopicArn = created.TopicArn ?? '';
});

afterEach(async () => {
  subscriber.server.closeAllConnections();
  subscriber.server.close();
  await wire.close();
});

const subscribe = async (Attributes: Record<string, string> = {}): Promise<string> => {
  const { SubscriptionArn } = await wire.client.send(
    new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint, Attributes, ReturnSubscriptionArn: true }),
  );
  return SubscriptionArn ?? '';
};

const confirmed = async (Attributes: Record<string, string> = {}): Promise<string> => {
  const SubscriptionArn = await subscribe(Attributes);
  const { Token } = JSON.parse((await subscriber.post(0)).body);
  await wire.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  return SubscriptionArn;
};

const publish = (Message: string) =>
  wire.client.send(new PublishCommand({ TopicArn, Message, Subject: 'S' }));

test('a web server is asked to confirm, gets nothing before it did, and everything after', async () => {
  const answer = await wire.client.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
  const { headers, body } = await subscriber.post(0);
  const { Subscriptions } = await wire.client.send(new ListSubscriptionsCommand({}));
  await publish('too early');

  const { SubscribeURL, Token, Type, Message } = JSON.parse(body);
  const response = await fetch(SubscribeURL);
  await publish('hello');
  const notification = await subscriber.post(1);

  expect(answer.SubscriptionArn).toBe('pending confirmation');
  expect(Subscriptions).toMatchObject([
    { SubscriptionArn: 'PendingConfirmation', Protocol: 'http', Endpoint },
  ]);
  expect(headers).toMatchObject({
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-topic-arn': TopicArn,
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
  });
  expect(Type).toBe('SubscriptionConfirmation');
  expect(Message).toBe(
    `You have chosen to subscribe to the topic ${TopicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
  );
  expect(SubscribeURL).toBe(
    `${wire.endpoint}/?Action=ConfirmSubscription&TopicArn=${TopicArn}&Token=${Token}`,
  );
  expect(await response.text()).toContain('<ConfirmSubscriptionResult><SubscriptionArn>');
  expect(JSON.parse(notification.body)).toMatchObject({ Type: 'Notification', Message: 'hello' });
  expect(notification.headers['x-amz-sns-subscription-arn']).toMatch(new RegExp(`^${TopicArn}:`));
});

test.each(['1', '2'])('signature version %s is verified with the certificate', async (version) => {
  const created = await wire.client.send(
    new CreateTopicCommand({ Name: `V${version}`, Attributes: { SignatureVersion: version } }),
  );
  TopicArn = created.TopicArn ?? '';
  await confirmed();
  await publish('hello');

  const confirmation = JSON.parse((await subscriber.post(0)).body);
  const notification = JSON.parse((await subscriber.post(1)).body);

  const certificate = new X509Certificate(await wire.sns.certificatePem());
  const verifies = (message: Record<string, string>, names: readonly string[]) =>
    createVerify(version === '1' ? 'sha1' : 'sha256')
      .update(names.map((name) => `${name}\n${message[name]}\n`).join(''))
      .verify(certificate.publicKey, message.Signature ?? '', 'base64');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(notification.SignatureVersion).toBe(version);
  expect(verifies(notification, ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'])).toBe(
    true,
  );
  expect(
    verifies(confirmation, [
      'Message',
      'MessageId',
      'SubscribeURL',
      'Timestamp',
      'Token',
      'TopicArn',
      'Type',
    ]),
  ).toBe(true);
});

test('raw delivery posts the message itself, with the content type of the delivery policy', async () => {
  const DeliveryPolicy = JSON.stringify({ requestPolicy: { headerContentType: 'text/csv' } });
  await confirmed({ RawMessageDelivery: 'true', DeliveryPolicy });

  await publish('a,b');
  const { headers, body } = await subscriber.post(1);

  expect(body).toBe('a,b');
  expect(headers).toMatchObject({ 'x-amz-sns-rawdelivery': 'true', 'content-type': 'text/csv' });
});

test('a server in trouble is tried again by its delivery policy, then its copy goes to the dead-letter queue', async () => {
  const DeliveryPolicy = JSON.stringify({
    healthyRetryPolicy: { minDelayTarget: 5, maxDelayTarget: 15, numRetries: 2 },
  });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('Dead') });
  await confirmed({ DeliveryPolicy, RedrivePolicy, RawMessageDelivery: 'true' });
  subscriber.status = 503;
  const failures = () =>
    wire.around.trace.events().filter(({ action }) => action === 'DeliveryFailed').length;

  await publish('hello');
  await eventually(() => failures() === 1 || undefined);
  wire.around.clock.advance(4_999);
  await settle();
  const early = failures();
  wire.around.clock.advance(1);
  await eventually(() => failures() === 2 || undefined);
  wire.around.clock.advance(15_000);
  await eventually(() => wire.around.bodies('Dead')[0]);

  expect(early).toBe(1);
  expect(failures()).toBe(3);
  expect(wire.around.bodies('Dead')).toEqual(['hello']);
});

test('a server that refuses is not tried again', async () => {
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('Dead') });
  await confirmed({ RedrivePolicy });
  subscriber.status = 404;

  await publish('hello');
  await eventually(() => wire.around.bodies('Dead')[0]);

  expect(subscriber.posts).toHaveLength(2);
});

test('a server that does not answer within 15 seconds has failed', async () => {
  await confirmed();
  subscriber.server.removeAllListeners('request');
  const asked = new Promise((resolve) => subscriber.server.once('request', resolve));

  await publish('hello');
  await asked;
  wire.around.clock.advance(15_000);
  const failure = await eventually(() =>
    wire.around.trace.events().find(({ action }) => action === 'DeliveryFailed'),
  );

  expect(failure.ids?.cause).toBe('no answer within 15 s');
});

test('the link in a message ends the subscription, and the link in the answer restores it', async () => {
  await confirmed();
  await publish('one');
  const { UnsubscribeURL } = JSON.parse((await subscriber.post(1)).body);

  await fetch(UnsubscribeURL);
  const ended = JSON.parse((await subscriber.post(2)).body);
  const { Subscriptions } = await wire.client.send(new ListSubscriptionsCommand({}));
  await publish('lost');
  await fetch(ended.SubscribeURL);
  await publish('two');
  const restored = JSON.parse((await subscriber.post(3)).body);

  expect(ended.Type).toBe('UnsubscribeConfirmation');
  expect(Subscriptions).toEqual([]);
  expect(restored.Message).toBe('two');
});

test.each([
  ['randomtoken', 'Invalid token'],
  ['a'.repeat(256), 'Invalid parameter: Token'],
])('the token %p confirms nothing (recorded)', async (Token, message) => {
  await subscribe();

  const confirming = wire.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));

  await expect(confirming).rejects.toMatchObject({ name: 'InvalidParameterException', message });
});

test('a token is good for two days, and so is the subscription that waits for it', async () => {
  await subscribe();
  const { Token } = JSON.parse((await subscriber.post(0)).body);
  wire.around.clock.advance(2 * 24 * 3600 * 1000 + 1);

  const confirming = wire.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));

  await expect(confirming).rejects.toMatchObject({ message: 'Invalid parameter: Token' });
  expect(await wire.client.send(new ListSubscriptionsCommand({}))).toMatchObject({ Subscriptions: [] });
});

test('the effective delivery policy of a subscription is its own over that of its topic (recorded)', async () => {
  const SubscriptionArn = await confirmed();
  await wire.client.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn,
      AttributeName: 'DeliveryPolicy',
      AttributeValue: JSON.stringify({ requestPolicy: { headerContentType: 'text/csv' } }),
    }),
  );

  const { Attributes = {} } = await wire.client.send(
    new GetSubscriptionAttributesCommand({ SubscriptionArn }),
  );

  expect(JSON.parse(Attributes.DeliveryPolicy ?? '')).toEqual({
    healthyRetryPolicy: null,
    sicklyRetryPolicy: null,
    throttlePolicy: null,
    requestPolicy: { headerContentType: 'text/csv' },
    guaranteed: false,
  });
  expect(JSON.parse(Attributes.EffectiveDeliveryPolicy ?? '')).toMatchObject({
    healthyRetryPolicy: { numRetries: 3, minDelayTarget: 20 },
    requestPolicy: { headerContentType: 'text/csv' },
  });
});

test('a throttle policy spaces the calls of one server', async () => {
  await confirmed({ DeliveryPolicy: JSON.stringify({ throttlePolicy: { maxReceivesPerSecond: 2 } }) });

  for (const message of ['1', '2', '3']) await publish(message);
  await subscriber.post(1);
  await settle();
  const atOnce = subscriber.posts.length;
  wire.around.clock.advance(1000);
  await subscriber.post(3);

  expect(atOnce).toBe(2);
});

test('the token says which subscription is confirmed, whatever topic stands beside it (recorded)', async () => {
  await subscribe();
  const { Token } = JSON.parse((await subscriber.post(0)).body);

  const confirmed = await wire.client.send(
    new ConfirmSubscriptionCommand({ TopicArn: `${TopicArn}x`, Token }),
  );

  expect(confirmed.SubscriptionArn).toMatch(new RegExp(`^${TopicArn}:`));
});
