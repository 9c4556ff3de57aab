import {
  KafkaJSConnectionError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  type Message,
} from 'kafkajs';
import { kafkaActivityLog, MOST_BYTES } from '../../../lambdas/adapters/kafka-activity-log.ts';
import { kafkaFailure } from '../../../lambdas/adapters/kafka-failure.ts';
import { anEvent } from '../support/activity.ts';

/** A producer that remembers, and fails from the `failFrom`th call on. */
const producerThat = (failFrom = Number.POSITIVE_INFINITY, error: Error = new Error('no')) => {
  const sent: (readonly Message[])[] = [];
  return {
    sent,
    send: async (_topic: string, messages: readonly Message[]) => {
      if (sent.length >= failFrom) throw error;
      sent.push(messages);
    },
  };
};

const large = (id: string, subject: string, bytes: number) => ({
  ...anEvent(id, subject),
  data: { text: 'x'.repeat(bytes) },
});

const protocolError = (type: string): Error =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable: true }));

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
/** Its class takes a message, and its type says that it takes none. */
const saslError = (message: string): Error => named('KafkaJSSASLAuthenticationError', message);

test('events go out in one call, keyed by subject, attributes as headers and data as value', async () => {
  const producer = producerThat();
  const event = anEvent('1', 'job-1');

  const notAppended = await kafkaActivityLog(producer, 'activity').append([event, anEvent('2', 'job-2')]);

  expect(notAppended).toEqual([]);
  expect(producer.sent).toHaveLength(1);
  expect(producer.sent[0]?.map(({ key }) => key)).toEqual(['job-1', 'job-2']);
  expect(producer.sent[0]?.[0]).toMatchObject({
    value: JSON.stringify(event.data),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.type,
      ce_subject: 'job-1',
      ce_traceparent: event.traceparent,
    },
  });
});

test('an event that no broker takes fails alone, and holds back only those of its subject behind it', async () => {
  const producer = producerThat();
  const events = [anEvent('1', 'a'), large('2', 'a', MOST_BYTES), anEvent('3', 'a'), anEvent('4', 'b')];

  const notAppended = await kafkaActivityLog(producer, 'activity').append(events);

  expect(notAppended.map(({ event }) => event.id)).toEqual(['2', '3']);
  expect(notAppended.every(({ reason }) => reason.startsWith('RecordTooLarge (not retryable)'))).toBe(true);
  expect(producer.sent.flat().map(({ headers }) => headers?.ce_id)).toEqual(['1', '4']);
});

test('what is too much for one batch goes in several, in order; after a failure nothing more goes', async () => {
  const producer = producerThat(1, new KafkaJSConnectionError('connect ECONNREFUSED'));
  const events = ['1', '2', '3', '4'].map((id) => large(id, 'a', 400_000));

  const notAppended = await kafkaActivityLog(producer, 'activity').append(events);

  expect(producer.sent.flat().map(({ headers }) => headers?.ce_id)).toEqual(['1', '2']);
  expect(notAppended.map(({ event }) => event.id)).toEqual(['3', '4']);
  expect(notAppended[0]?.reason).toBe('BrokerUnavailable (retryable): connect ECONNREFUSED');
});

test.each([
  ['an unknown topic', protocolError('UNKNOWN_TOPIC_OR_PARTITION'), 'UnknownTopic', false],
  ['a record too large', protocolError('MESSAGE_TOO_LARGE'), 'RecordTooLarge', false],
  ['no right to the topic', protocolError('TOPIC_AUTHORIZATION_FAILED'), 'NotAuthorized', false],
  ['a token that is refused', protocolError('SASL_AUTHENTICATION_FAILED'), 'NotAuthenticated', false],
  ['a mechanism that the broker has not', saslError('is not supported'), 'NotAuthenticated', false],
  ['no credentials', named('CredentialsProviderError', 'Could not load'), 'NotAuthenticated', false],
  ['a session that has ended', protocolError('ILLEGAL_SASL_STATE'), 'NotAuthenticated', true],
  ['no broker', new KafkaJSConnectionError('connect ECONNREFUSED'), 'BrokerUnavailable', true],
  ['a broker that says nothing', new Error('Broker not connected'), 'BrokerUnavailable', true],
  ['a place that the broker has lost', protocolError('OUT_OF_ORDER_SEQUENCE_NUMBER'), 'KafkaError', true],
  ['no leader yet', protocolError('LEADER_NOT_AVAILABLE'), 'KafkaError', true],
  ['anything else', new Error('what?'), 'KafkaError', false],
])('%s has a name, and is worth a retry or not', (_, error, name, retryable) => {
  const wrapped = new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 4, retryTime: 1 });

  expect(kafkaFailure(error)).toMatchObject({ name, retryable });
  expect(kafkaFailure(wrapped)).toMatchObject({ name, retryable });
});
