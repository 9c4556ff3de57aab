import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { App } from './app/app.ts';
import { withDeadSubscriber } from './app/dead-subscriber.ts';
import {
  eventOf,
  inboxOf,
  publishIssue,
  requestSubscription,
  type Subscriber,
  subscribeInbox,
  subscribeWebhook,
} from './app/newsletters.ts';
import { type Receiver, startReceiver } from './app/receiver.ts';
import { isSigned } from './app/signature.ts';
import { until } from './app/until.ts';
import { type Stage, scenario } from './scenario.ts';

export const topic = scenario(
  'topic',
  'topic (one to many)',
  'each matching subscriber gets its own copy of an issue, and a dead one harms no one else',
  async (stage) => {
    const run = `run-${randomUUID().slice(0, 8)}`;
    const receiver = await startReceiver(stage.app);
    const subscribers: Subscriber[] = [];
    try {
      const readers = await subscribe(stage, run, receiver, subscribers);
      const topicArn = stage.app.output('NewslettersTopicArn');
      await withDeadSubscriber(stage.app, topicArn, run, async (dead) => {
        const issue = await oneIssue(stage, run, readers, receiver);
        const copies = await until(
          "the dead subscriber's copy",
          () => dead.waiting(),
          ({ length }) => length > 0,
        );
        stage.check(
          "a dead subscriber's copy waits among the dead letters of its subscription",
          copies.length === 1 && (copies[0] ?? '').includes(issue),
          { waiting: copies.length },
        );
        await oneAlert(stage, run, readers, issue);
        await oneClick(stage, run, readers);
      });
    } finally {
      await Promise.all(subscribers.map((one) => one.end()));
      await receiver.close();
    }
  },
);

interface Readers {
  /** Wants the topic of this run. */
  readonly ann: Subscriber;
  /** Wants that and alerts. */
  readonly bob: Subscriber;
  /** Wants something else. */
  readonly eve: Subscriber;
  /** Wants the topic of this run, by webhook. */
  readonly hook: Subscriber;
  /** Was subscribed by somebody else, and has not confirmed. */
  readonly stranger: string;
}

const subscribe = async (
  { app, hop }: Stage,
  run: string,
  receiver: Receiver,
  subscribers: Subscriber[],
): Promise<Readers> => {
  const stranger = `stranger.${run}`;
  await requestSubscription(app, { channel: 'inbox', address: stranger, topics: [run] });
  const kept = async (subscriber: Promise<Subscriber>): Promise<Subscriber> => {
    subscribers.push(await subscriber);
    return subscriber;
  };
  const [ann, bob, eve, hook] = await Promise.all([
    kept(subscribeInbox(app, `ann.${run}`, [run])),
    kept(subscribeInbox(app, `bob.${run}`, [run, 'alerts'])),
    kept(subscribeInbox(app, `eve.${run}`, [`not-${run}`])),
    kept(subscribeWebhook(app, receiver, `/${run}`, [run])),
  ]);
  hop('three inboxes and a webhook subscribed, each confirmed through its own channel');
  return { ann, bob, eve, hook, stranger };
};

const oneIssue = async (
  { app, check, hop }: Stage,
  topic: string,
  { ann, bob, eve, hook, stranger }: Readers,
  receiver: Receiver,
): Promise<string> => {
  const issue = await publishIssue(app, { topic, subject: 'First issue', body: 'To all who want it.' });
  hop('an issue published');
  const [annHas, bobHas] = await Promise.all([copiesOf(app, ann, issue), copiesOf(app, bob, issue)]);
  const sent = () => receiver.requests.filter((request) => eventOf(request).data.issueId === issue);
  const webhooks = await until('the webhook', sent, ({ length }) => length > 0);
  hop('all copies there');
  check(
    'each matching subscriber has its own copy, once',
    annHas === 1 && bobHas === 1 && webhooks.length === 1,
    { issue, ann: annHas, bob: bobHas, webhook: webhooks.length },
  );
  check(
    'the webhook is signed with the secret of its subscription',
    webhooks.every((request) => isSigned(request, hook.secret)),
    webhooks.map(({ headers }) => headers['webhook-id']),
  );
  const others = [...(await issuesOf(app, eve.address)), ...(await issuesOf(app, stranger))];
  check('who wants another topic, or has not confirmed, has none', others.length === 0, {
    eve: await issuesOf(app, eve.address),
    stranger: await issuesOf(app, stranger),
  });
  return issue;
};

/** The queue of the alerts has a filter: SNS itself holds back what is none. */
const oneAlert = async ({ app, check, hop }: Stage, run: string, { ann, bob }: Readers, issue: string) => {
  const alert = await publishIssue(app, { topic: 'alerts', subject: `Alert of ${run}`, body: 'Look.' });
  hop('an alert published');
  await until('the alert to be kept', () => isAlert(app, alert), Boolean);
  const bobHas = await copiesOf(app, bob, alert);
  const kept = { alert: await isAlert(app, alert), issue: await isAlert(app, issue) };
  await app.dynamodb.send(new DeleteItemCommand(alertKey(app, alert)));
  check('the filtered subscriber gets alerts only', kept.alert && !kept.issue, kept);
  const annsIssues = await issuesOf(app, ann.address);
  check('a subscriber gets the topics that it chose', bobHas === 1 && !annsIssues.includes(alert), {
    bob: bobHas,
    ann: annsIssues,
  });
};

const oneClick = async ({ app, check, hop }: Stage, topic: string, { ann, bob }: Readers): Promise<void> => {
  const link = (await inboxOf(app, ann.address)).map(({ links }) => links.unsubscribe).find(Boolean) ?? '';
  const { status } = await app.fetch(link.slice(link.indexOf('/v1/')), {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  });
  const issue = await publishIssue(app, { topic, subject: 'Second issue', body: 'To those who stayed.' });
  hop('one has unsubscribed by one click, another issue published');
  const bobHas = await copiesOf(app, bob, issue);
  const annHas = (await issuesOf(app, ann.address)).filter((id) => id === issue).length;
  check('who has unsubscribed gets no more, the others do', bobHas === 1 && annHas === 0, {
    status,
    bob: bobHas,
    ann: annHas,
  });
};

const issuesOf = async (app: App, address: string): Promise<string[]> =>
  (await inboxOf(app, address)).flatMap(({ issueId }) => issueId ?? []);

/** How many copies of an issue lie in an inbox, once there is any. */
const copiesOf = async (app: App, { address }: Subscriber, issue: string): Promise<number> => {
  const all = await until(
    `issue ${issue} in the inbox ${address}`,
    () => issuesOf(app, address),
    (issues) => issues.includes(issue),
    { everyMs: 50 },
  );
  return all.filter((id) => id === issue).length;
};

const alertKey = (app: App, id: string) => ({
  TableName: app.output('AlertsTableName'),
  Key: { id: { S: id } },
});

const isAlert = async (app: App, id: string): Promise<boolean> => {
  const { Item } = await app.dynamodb.send(
    new GetItemCommand({ ...alertKey(app, id), ConsistentRead: true }),
  );
  return Item !== undefined;
};
