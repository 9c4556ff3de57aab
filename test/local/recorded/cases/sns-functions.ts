import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { at, eventually, type Replay, type Scripts, textAt } from '../replay.ts';
import { LambdaSteps } from '../wire/lambda.ts';
import { SnsSteps, snsAnswer } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';
import { all } from './sns-publishing.ts';

const RAISES = "throw new Error('Test exception (this is intentional)');";

/** Lets the topic invoke the function, and subscribes it. @returns the subscription's ARN */
const subscribeFunction = async (
  replay: Replay,
  sns: SnsSteps,
  topic: string,
  name: string,
): Promise<string> => {
  const { arn } = replay.cloud.lambda.function(name);
  replay.cloud.iam.putResourcePolicy(arn, 'topic', {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arn,
        Condition: { ArnLike: { 'aws:SourceArn': topic } },
      },
    ],
  });
  return textAt(await sns.subscribe(topic, 'lambda', arn), 'SubscriptionArn');
};

const notified = async (replay: Replay, attributes: Readonly<Record<string, string>>, Subject: string) => {
  const lambda = new LambdaSteps(replay);
  const sns = new SnsSteps(replay);
  const topic = await sns.topic(attributes);
  const teller = await lambda.teller();
  await subscribeFunction(replay, sns, topic, teller.name);
  await sns.publish(topic, 'Hello world.', { Subject });
  return at(await teller.told(1), 0, 'Records', 0, 'Sns');
};

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web server that is subscribed to a topic, and keeps what it gets. */
const webServer = async (run: (url: string, posts: readonly Post[]) => Promise<void>): Promise<void> => {
  const posts: Post[] = [];
  const server = createServer(async (request, response) => {
    posts.push({ headers: request.headers, body: await text(request) });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    await run(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/sns`, posts);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

const postAt = async (posts: readonly Post[], index: number): Promise<Post> => {
  const post = await eventually(
    async () => posts[index],
    (found) => found !== undefined,
  );
  if (!post) throw new Error(`post ${index} did not come`);
  return post;
};

/** `x-amz-sns-topic-arn` as `X-Amz-Sns-Topic-Arn`: the recorded names are those of Python's server. */
const headersOf = ({ headers }: Post) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.replace(/(^|-)\w/g, (start) => start.toUpperCase()),
      value,
    ]),
  );

const asked = async (url: string, action: string) => {
  const response = await fetch(url);
  const answer = snsAnswer(response.status, await response.text(), `${action}Result`);
  const { Error: error, ResponseMetadata, ...result } = answer;
  if (error !== undefined) return { ErrorResponse: { Error: error, RequestId: 'any' } };
  return {
    [`${action}Response`]: {
      ...(Object.keys(result).length > 0 && { [`${action}Result`]: result }),
      ResponseMetadata,
    },
  };
};

const subscribedServer = async (replay: Replay, url: string) => {
  const sns = new SnsSteps(replay);
  const TopicArn = await sns.topic();
  const raw = replay.parameters === 'True';
  const created = await sns.call('Subscribe', {
    TopicArn,
    Protocol: 'http',
    Endpoint: url,
    Attributes: { RawMessageDelivery: String(raw) },
    ReturnSubscriptionArn: 'true',
  });
  return { sns, TopicArn, raw, subscription: textAt(created, 'SubscriptionArn') };
};

/** Functions and web servers as subscribers. */
export const pushedSubscriptions: Scripts = {
  test_python_lambda_subscribe_sns_topic: async (replay) => {
    replay.note('notification', await notified(replay, {}, '[Subject] Test subject'));
  },
  test_publish_lambda_verify_signature: async (replay) => {
    const attributes = { DisplayName: 'TestTopicSignatureLambda', SignatureVersion: replay.parameters };
    const subject = `[Subject] Test subject Signature v${replay.parameters}`;
    replay.note('notification', await notified(replay, attributes, subject));
  },
  test_sns_topic_as_lambda_dead_letter_queue: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const sns = new SnsSteps(replay);
    const deadLetterArn = await sns.topic();
    const queue = await lambda.sqs.queue();
    await sns.subscribeQueue(lambda.sqs, deadLetterArn, queue);
    const topic = await sns.topic();
    const name = await lambda.function(
      `export const handler = async () => { ${RAISES} };`,
      {},
      { deadLetterArn },
    );
    const configuration = await lambda.call('GET', `/2015-03-31/functions/${name}/configuration`);
    replay.note('lambda-response-dlq-config', at(configuration, 'DeadLetterConfig'));
    await subscribeFunction(replay, sns, topic, name);
    replay.cloud.lambda.setEventInvokeConfig(name, { maximumRetryAttempts: 0 });
    await sns.publish(topic, '{"raise_error": 1}');
    replay.note(
      'messages',
      await lambda.sqs.receive(queue, { MessageAttributeNames: ['All'], WaitTimeSeconds: 5 }),
    );
  },
  test_redrive_policy_lambda_subscription: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    const sns = new SnsSteps(replay);
    const { region, account } = replay.cloud;
    const topic = await sns.topic();
    const deadLetters = await sqs.queue();
    const deadLetterTargetArn = await sqs.arn(deadLetters);
    await sns.subscribeQueue(sqs, topic, deadLetters, { FilterPolicy: '{"none":["none"]}' });
    const gone = `arn:aws:lambda:${region}:${account}:function:${replay.name()}`;
    const subscription = textAt(await sns.subscribe(topic, 'lambda', gone), 'SubscriptionArn');
    await sns.set(subscription, 'RedrivePolicy', { deadLetterTargetArn });
    replay.note('subscription-attributes', await sns.attributes(subscription));
    const MessageAttributes = { attr1: { DataType: 'Number', StringValue: '1' } };
    await sns.publish(topic, 'test_redrive_policy', { MessageAttributes });
    const received = await sqs.receive(deadLetters, { ...all, AttributeNames: [], WaitTimeSeconds: 5 });
    replay.note('messages', received);
  },
  test_subscribe_external_http_endpoint: (replay) =>
    webServer(async (url, posts) => {
      const { sns, TopicArn, raw, subscription } = await subscribedServer(replay, url);
      const confirmation = await postAt(posts, 0);
      const { SubscribeURL, Token } = JSON.parse(confirmation.body);
      replay.note('subscription-confirmation', JSON.parse(confirmation.body));
      replay.note('http-confirm-sub-headers', headersOf(confirmation));
      const service = SubscribeURL.slice(0, SubscribeURL.lastIndexOf('/'));
      const confirm = (topic: string, token: string) =>
        asked(
          `${service}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${token}`,
          'ConfirmSubscription',
        );
      replay.note('broken-topic-arn-confirm', await confirm('not-an-arn', Token));
      replay.note('broken-token-confirm', await confirm(TopicArn, 'abc123'));
      const elsewhere = TopicArn.replace(replay.cloud.region, 'eu-central-1');
      replay.note('different-region-arn-confirm', await confirm(elsewhere, Token));
      replay.note('nonexistent-token-confirm', await confirm(`${TopicArn.slice(0, -1)}x`, Token));
      replay.note('confirm-subscribe', await asked(SubscribeURL, 'ConfirmSubscription'));
      await sns.publish(TopicArn, 'test_external_http_endpoint');
      const message = await postAt(posts, 1);
      replay.note(raw ? 'http-message-headers-raw' : 'http-message-headers', headersOf(message));
      if (!raw) replay.note('http-message', JSON.parse(message.body));
      const end = `${service}/?Action=Unsubscribe&SubscriptionArn=${subscription}`;
      replay.note('unsubscribe-response', await asked(end, 'Unsubscribe'));
      replay.note('unsubscribe-request', JSON.parse((await postAt(posts, 2)).body));
    }),
  test_subscribe_external_http_endpoint_content_type: (replay) =>
    webServer(async (url, posts) => {
      const { sns, TopicArn, raw, subscription } = await subscribedServer(replay, url);
      if (raw)
        await sns.set(subscription, 'DeliveryPolicy', { requestPolicy: { headerContentType: 'text/csv' } });
      else
        await sns.call('SetTopicAttributes', {
          TopicArn,
          AttributeName: 'DeliveryPolicy',
          AttributeValue: '{"http":{"defaultRequestPolicy":{"headerContentType":"application/json"}}}',
        });
      replay.note('topic-attrs', await sns.call('GetTopicAttributes', { TopicArn }));
      replay.note('sub-attrs', await sns.attributes(subscription));
      const confirmation = await postAt(posts, 0);
      const { Token } = JSON.parse(confirmation.body);
      replay.note('subscription-confirmation', JSON.parse(confirmation.body));
      replay.note('http-confirm-sub-headers', headersOf(confirmation));
      await sns.call('ConfirmSubscription', { TopicArn, Token });
      await sns.publish(TopicArn, 'test_external_http_endpoint');
      const message = await postAt(posts, 1);
      replay.note(raw ? 'http-message-headers-raw' : 'http-message-headers', headersOf(message));
      if (!raw) replay.note('http-message', JSON.parse(message.body));
    }),
};
