import * as z from 'zod';

/** Why Kafka did not take something, by a name of ours: the client's own tell how it noticed. */
export interface KafkaFailure {
  readonly name:
    | 'UnknownTopic'
    | 'RecordTooLarge'
    | 'NotAuthorized'
    | 'NotAuthenticated'
    | 'BrokerUnavailable'
    | 'KafkaError';
  /**
   * Whether the same call may succeed later without anybody changing anything. It is for whoever reads the function's
   * log or looks after its dead letters: `false` says that something has to be repaired before a redrive. No code acts on
   * it. The queue before the producer delivers again in both cases: what is repaired meanwhile needs no redrive then.
   */
  readonly retryable: boolean;
  readonly message: string;
}

/** Apache Kafka documentation, "Error Codes": what is retriable there, and worth a retry by the queue here. */
const byType: Readonly<Record<string, Pick<KafkaFailure, 'name' | 'retryable'>>> = {
  UNKNOWN_TOPIC_OR_PARTITION: { name: 'UnknownTopic', retryable: false },
  INVALID_TOPIC_EXCEPTION: { name: 'UnknownTopic', retryable: false },
  MESSAGE_TOO_LARGE: { name: 'RecordTooLarge', retryable: false },
  RECORD_LIST_TOO_LARGE: { name: 'RecordTooLarge', retryable: false },
  TOPIC_AUTHORIZATION_FAILED: { name: 'NotAuthorized', retryable: false },
  CLUSTER_AUTHORIZATION_FAILED: { name: 'NotAuthorized', retryable: false },
  SASL_AUTHENTICATION_FAILED: { name: 'NotAuthenticated', retryable: false },
  // The session ended, or was renewed too soon: a new connection begins a new one.
  ILLEGAL_SASL_STATE: { name: 'NotAuthenticated', retryable: true },
  // The broker has lost the place of an idempotent producer: the next call has a new one.
  OUT_OF_ORDER_SEQUENCE_NUMBER: { name: 'KafkaError', retryable: true },
  UNKNOWN_PRODUCER_ID: { name: 'KafkaError', retryable: true },
  INVALID_PRODUCER_EPOCH: { name: 'KafkaError', retryable: true },
};

const connectionErrors = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSNumberOfRetriesExceeded',
]);

/** What the client says, in an error without a name of its own, of a broker that takes the connection and then says nothing. */
const MUTE = 'Broker not connected';

/** What the client's errors carry. Its classes cannot be imported by name everywhere: it is no ES module. */
const ClientError = z.object({ type: z.string().optional(), retriable: z.boolean().optional() });

/** The innermost error: the client wraps what happened into how often it tried. */
const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);

/** Says what a failed call to Kafka means. */
export const kafkaFailure = (error: unknown): KafkaFailure => {
  const root = error instanceof Error ? rootOf(error) : new Error(String(error));
  const { message } = root;
  const { type = '', retriable = false } = ClientError.safeParse(root).data ?? {};
  const known = byType[type];
  if (known) return { ...known, message };
  // A token is made for each connection: one that is refused, or has expired by then, is so the next time, too.
  if (root.name === 'KafkaJSSASLAuthenticationError' || root.name === 'CredentialsProviderError')
    return { name: 'NotAuthenticated', retryable: false, message };
  if (connectionErrors.has(root.name) || message === MUTE)
    return { name: 'BrokerUnavailable', retryable: true, message };
  return { name: 'KafkaError', retryable: retriable, message };
};
