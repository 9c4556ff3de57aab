import { nameOf, PATIENTLY } from '../app/activity.ts';
import { setConsuming } from '../app/consumers.ts';
import { outOfOrder } from '../app/order.ts';
import { until } from '../app/until.ts';
import { photograph } from '../photograph.ts';
import { type Scenario, type Stage, scenario } from '../scenario.ts';
import { type KafkaDoor, withProducer } from './app/door.ts';
import { OwnEvents } from './app/own-events.ts';
import { endOffsets, readTopic } from './app/read-topic.ts';

const SUBJECTS = Array.from({ length: 20 }, (_, index) => `subject-${index}`);
const ROUNDS = 10;

export const kafkaStream = (door: KafkaDoor): Scenario =>
  scenario(
    'kafka-stream',
    'log',
    'the events of the app in order per key; two groups read everything, each at its own pace',
    async (stage) => {
      await ownPace(stage, door);
      await domainEvents(stage, door);
    },
  );

const ownPace = async ({ app, check, hop }: Stage, door: KafkaDoor): Promise<void> => {
  const topic = app.output('KafkaActivityTopicName');
  const counter = app.output('KafkaCountActivityFunctionName');
  const events = await OwnEvents.begin(app);
  const put = SUBJECTS.length * ROUNDS;

  await setConsuming(app, counter, false);
  try {
    await withProducer(door, async (producer) => {
      for (let n = 0; n < ROUNDS; n += 1)
        await producer.send({
          topic,
          acks: -1,
          messages: SUBJECTS.map((subject) => events.event(subject, n)),
        });
    });
    hop(`${put} events produced, while one of the two groups is off`);
    const archived = await until(
      `${put} archived events`,
      () => events.archived(),
      ({ length }) => length >= put,
      PATIENTLY,
    );
    hop('the other group has them all');
    check(
      'each event is archived once',
      new Set(archived.map(nameOf)).size === put && archived.length === put,
      {
        archived: archived.length,
        put,
      },
    );
    const partitions = new Set(archived.map(({ partition }) => partition)).size;
    check('they are spread over partitions', partitions > 1, { partitions });
    const numbered = archived.map((line) => ({
      key: line.event.subject,
      n: Number(nameOf(line).split('/')[1]),
    }));
    check('the order of each subject is kept', outOfOrder(numbered).length === 0, outOfOrder(numbered));
    check('the group that is off has read nothing', (await events.counted()) === 0);
  } finally {
    await setConsuming(app, counter, true);
  }
  const counted = await until(
    `${put} counted events`,
    () => events.counted(),
    (count) => count >= put,
    PATIENTLY,
  );
  hop('the first group is back, and has caught up');
  check('it has everything that came meanwhile, each once', counted === put, { counted, put });
};

/** What the app itself publishes comes through its own producer. */
const domainEvents = async ({ app, check, hop }: Stage, door: KafkaDoor): Promise<void> => {
  const topic = app.output('KafkaActivityTopicName');
  const before = await endOffsets(door, topic);
  const image = await photograph(320, 240);
  const job = await app.jobs.request({
    contentType: 'image/jpeg',
    contentLength: image.byteLength,
    operations: [{ op: 'resize', width: 100 }],
  });
  await app.jobs.upload(job, image, 'image/jpeg');
  await app.jobs.waitFor(job.id);
  hop('a job has ended');
  const told = await until(
    'the event of the job in the topic',
    () => readTopic(door, topic, { offsets: before }),
    (records) => records.some(({ key }) => key === job.id),
    { timeoutMs: 60_000, everyMs: 200 },
  );
  const event = told.find(({ key }) => key === job.id);
  check(
    'a domain event comes as a CloudEvent in binary mode, keyed by its subject',
    event?.headers.ce_specversion === '1.0' &&
      event.headers.ce_subject === job.id &&
      event.headers['content-type'] === 'application/json',
    event && { key: event.key, type: event.headers.ce_type },
  );
};
