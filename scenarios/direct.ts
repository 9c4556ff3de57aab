import { randomUUID } from 'node:crypto';
import type { App } from './app/app.ts';
import { setConsuming } from './app/consumers.ts';
import { forgetFeedback, keptFeedback } from './app/feedback.ts';
import { hold, release } from './app/hold.ts';
import { fromNow, LineageReader } from './app/lineage-reader.ts';
import { until } from './app/until.ts';
import { badFeedback, badTelemetry, hostileTexts } from './hostile-bodies.ts';
import { type Stage, scenario } from './scenario.ts';

export const direct = scenario(
  'direct',
  'direct integration',
  'with no function between door and broker, hostile bodies stay data and a refusal is never a success',
  async (stage) => {
    await throughTheQueue(stage);
    await throughTheStream(stage);
    await refusals(stage);
  },
);

const throughTheQueue = async ({ app, check, hop }: Stage): Promise<void> => {
  const run = randomUUID();
  const queueUrl = app.output('FeedbackQueueUrl');
  const consumer = app.output('KeepFeedbackFunctionName');
  const sent = hostileTexts.map((text) => JSON.stringify({ message: `${run} ${text}` }));
  await setConsuming(app, consumer, false);
  try {
    const answers = await Promise.all(sent.map((body) => post(app, '/v1/feedback', body)));
    hop(`${sent.length} hostile notes posted to the queue, its consumer off`);
    check(
      'each is accepted (202)',
      answers.every(({ status }) => status === 202),
      statuses(answers),
    );
    const bad = await postAll(app, '/v1/feedback', badFeedback(run));
    check('what is no feedback is refused by the validator', bad.every(refusedBy('invalid-request')), bad);

    const held = await hold(app, queueUrl, (body) => body.includes(run), sent.length);
    const bodies = held.map(({ Body }) => Body ?? '');
    const added = held.filter(({ MessageAttributes }) => MessageAttributes !== undefined);
    check('the queue holds each body as it came, at once, and nothing else', sameTexts(bodies, sent), {
      sent: sent.length,
      held: bodies.length,
      changed: bodies.filter((body) => !sent.includes(body)),
    });
    check('no body became a parameter of the call', added.length === 0, { withAttributes: added.length });
    await release(app, queueUrl, held);
  } finally {
    await setConsuming(app, consumer, true);
  }

  const kept = await until(
    'the notes to be kept',
    () => keptFeedback(app, run),
    ({ size }) => size >= sent.length,
  );
  hop('consumer on: notes kept');
  const texts = [...kept.values()].map((note) => note.slice(run.length + 1));
  check('the consumer keeps the very words', sameTexts(texts, hostileTexts), { kept: texts.length });
  await forgetFeedback(app, kept.keys());
};

const throughTheStream = async ({ app, check, hop }: Stage): Promise<void> => {
  const run = randomUUID();
  const reader = new LineageReader(app, app.output('ActivityStreamName'), fromNow);
  await reader.readOn();
  const [ordered, ...others] = hostileTexts.map((text) => `${run.slice(0, 8)} ${text}`.slice(0, 128));
  const event = (subject: string, n: number) =>
    JSON.stringify({ type: 'scenario.direct', subject, data: { run, n, text: hostileTexts[n] } });
  const series = [0, 1, 2, 3, 4].map((n) => event(ordered ?? run, n));
  const rest = others.map((subject, index) => event(subject, index + 1));

  const answers = await Promise.all(rest.map((body) => post(app, '/v1/telemetry', body)));
  for (const body of series) answers.push(await post(app, '/v1/telemetry', body));
  hop(`${answers.length} hostile reports posted to the stream`);
  check(
    'each is accepted (202)',
    answers.every(({ status }) => status === 202),
    statuses(answers),
  );
  const bad = await postAll(app, '/v1/telemetry', badTelemetry(run));
  check('what is no report is refused by the validator', bad.every(refusedBy('invalid-request')), bad);

  const records = await until(
    'the records to be read',
    async () => (await reader.readOn()).filter(({ text }) => text.includes(run)),
    ({ length }) => length >= answers.length,
  );
  const data = records.map(({ text }) => text);
  check('the stream holds each body as it came, and nothing else', sameTexts(data, [...series, ...rest]), {
    sent: answers.length,
    read: data.length,
  });
  const subjectOf = new Map([...series, ...rest].map((body, n) => [body, n < 5 ? ordered : others[n - 5]]));
  check(
    'the subject is the partition key, as it came',
    records.every(({ key, text }) => key === subjectOf.get(text)),
    {
      keys: new Set(records.map(({ key }) => key)).size,
    },
  );
  const ofOne = records.filter(({ key }) => key === ordered);
  const shards = new Set(ofOne.map(({ shard }) => shard));
  check(
    'the reports of one subject are in one shard, in order',
    shards.size === 1 && ofOne.map(({ text }) => text).join() === series.join(),
    {
      shards: [...shards],
      sequenceNumbers: ofOne.map(({ sequenceNumber }) => sequenceNumber),
    },
  );
};

/** Each body passes the validator; it is the broker that does not take it. */
const refusals = async ({ app, check, hop }: Stage): Promise<void> => {
  const MIB = 2 ** 20;
  const note = '{"message":"x"';
  const refused = [
    await answerTo('characters that SQS forbids', app, '/v1/feedback', '{"message":"\uFFFF"}'),
    await answerTo('more than SQS takes', app, '/v1/feedback', `${note}${' '.repeat(1.2 * MIB)}}`),
    await answerTo('more than a record of Kinesis holds', app, '/v1/telemetry', large(1.2 * MIB)),
  ];
  hop('bodies posted that the brokers do not take');
  check("a broker's refusal reaches the caller as one", refused.every(refusedBy('message-refused')), refused);
  const tooLarge = await answerTo(
    'more than API Gateway takes',
    app,
    '/v1/feedback',
    `${note}${' '.repeat(10.5 * MIB)}}`,
  );
  check('what is too large for the door is 413', tooLarge.status === 413, tooLarge);
};

const large = (bytes: number) =>
  JSON.stringify({ type: 'scenario.direct', subject: 'large', data: { text: 'x'.repeat(bytes) } });

interface Answer {
  readonly status: number;
  /** The end of the problem's type. */
  readonly problem?: string | undefined;
  readonly body?: string;
}

const post = async (app: App, path: string, body: string): Promise<Answer> => {
  const response = await app.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  return { status: response.status, problem: /"type":"[^"]*:([\w-]+)"/.exec(text)?.[1] };
};

const answerTo = async (what: string, app: App, path: string, body: string): Promise<Answer> => ({
  body: what,
  ...(await post(app, path, body)),
});

const postAll = async (app: App, path: string, bodies: Readonly<Record<string, string>>): Promise<Answer[]> =>
  Promise.all(Object.entries(bodies).map(([what, body]) => answerTo(what, app, path, body)));

const refusedBy =
  (problem: string) =>
  (answer: Answer): boolean =>
    answer.status === 400 && answer.problem === problem;

const statuses = (answers: readonly Answer[]): number[] => [...new Set(answers.map(({ status }) => status))];

const sameTexts = (some: readonly string[], others: readonly string[]): boolean =>
  JSON.stringify(some.toSorted()) === JSON.stringify(others.toSorted());
