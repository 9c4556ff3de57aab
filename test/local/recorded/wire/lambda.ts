import { eventually, listAt, type Replay, textAt, worked } from '../replay.ts';
import { type Recorded, withStatus } from './http.ts';
import { SqsSteps } from './sqs.ts';

type Input = Readonly<Record<string, unknown>>;

const ALLOWED = ['sqs:*', 'sns:*', 'kinesis:*', 'lambda:*', 's3:*'];

const PRELUDE = `
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const sqs = new SQSClient();
const tell = (QueueUrl, value) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(value) }));
`;

/** A function whose invocations can be seen. */
export interface Teller {
  readonly name: string;
  /** What it told, in its order, once there are that many; fewer when no more come. */
  told(count: number): Promise<unknown[]>;
}

/** Lambda as the recorded tests used it: its API for mappings and invocations, functions made in place. */
export class LambdaSteps {
  readonly sqs: SqsSteps;
  readonly #replay: Replay;

  constructor(replay: Replay) {
    this.#replay = replay;
    this.sqs = new SqsSteps(replay, 'json');
  }

  async call(
    method: string,
    path: string,
    input?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Recorded> {
    const scope = '20260101/us-east-1/lambda/aws4_request';
    const response = await fetch(`${this.#replay.endpoint}${path}`, {
      method,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host, Signature=0`,
        ...headers,
      },
      ...(input !== undefined && { body: JSON.stringify(input) }),
    });
    const text = await response.text();
    const body = text === '' ? {} : JSON.parse(text);
    if (response.status < 300) return withStatus(response.status, body);
    const Code = response.headers.get('x-amzn-errortype');
    return withStatus(response.status, { Error: { Code, Message: body.message ?? body.Message } });
  }

  /** A function that may do everything. @returns its name */
  async function(
    code: string,
    environment: Readonly<Record<string, string>> = {},
    more: { readonly deadLetterArn?: string; readonly timeoutSeconds?: number } = {},
  ): Promise<string> {
    const { cloud } = this.#replay;
    const name = this.#replay.name();
    const roleArn = `arn:aws:iam::${cloud.account}:role/${name}`;
    const Statement = [{ Effect: 'Allow', Action: ALLOWED, Resource: '*' }];
    cloud.iam.putRole(roleArn, { all: { Version: '2012-10-17', Statement } });
    await cloud.lambda.createFunction({
      name,
      roleArn,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      timeoutSeconds: 10,
      environment,
      code: { inline: `${PRELUDE}${code}` },
      ...more,
    });
    return name;
  }

  /** A function that tells its events, and then does what the code says. */
  async teller(body = '', told = 'event', more = {}): Promise<Teller> {
    const queue = await this.sqs.queue();
    const code = `export const handler = async (event, context) => { await tell(process.env.RESULTS, ${told}); ${body} };`;
    const name = await this.function(code, { RESULTS: queue }, more);
    return { name, told: (count) => this.taken(queue, count) };
  }

  /** Takes messages from a queue until there are that many, and reads their bodies as JSON. */
  async taken(queue: string, count: number): Promise<unknown[]> {
    const found: unknown[] = [];
    for (let turn = 0; turn < 10 && found.length < count; turn += 1) {
      const received = await this.sqs.receive(queue, { MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      for (const message of listAt(received, 'Messages')) {
        found.push(JSON.parse(textAt(message, 'Body')));
        const ReceiptHandle = textAt(message, 'ReceiptHandle');
        await this.sqs.call('DeleteMessage', { QueueUrl: queue, ReceiptHandle });
      }
    }
    return found;
  }

  map(FunctionName: string, EventSourceArn: string, more: Input = {}): Promise<Recorded> {
    return this.call('POST', '/2015-03-31/event-source-mappings/', { FunctionName, EventSourceArn, ...more });
  }

  get(uuid: string): Promise<Recorded> {
    return this.call('GET', `/2015-03-31/event-source-mappings/${uuid}`);
  }

  update(uuid: string, input: Input): Promise<Recorded> {
    return this.call('PUT', `/2015-03-31/event-source-mappings/${uuid}`, input);
  }

  /** A mapping that is at work. @returns what its creation answered */
  async mapped(FunctionName: string, EventSourceArn: string, more: Input = {}): Promise<Recorded> {
    const created = worked(await this.map(FunctionName, EventSourceArn, more));
    await this.reaches(textAt(created, 'UUID'), 'Enabled');
    return created;
  }

  reaches(uuid: string, state: string): Promise<Recorded> {
    return eventually(
      () => this.get(uuid),
      (mapping) => mapping.State === state,
    );
  }

  invokeLater(name: string, event: unknown): Promise<Recorded> {
    return this.call('POST', `/2015-03-31/functions/${name}/invocations`, event, {
      'x-amz-invocation-type': 'Event',
    });
  }
}

/** What a function of Python's runtime would have said of an error: the recorded functions are Python's. */
export const asPython = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asPython);
  if (typeof value === 'string' && value.startsWith('{')) return asPython(JSON.parse(value));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (!('errorType' in value && 'trace' in value))
    return Object.fromEntries(entries.map(([key, item]) => [key, asPython(item)]));
  const { trace: stackTrace, ...error } = value;
  return { ...error, errorType: 'Exception', requestId: '', stackTrace };
};
