import { Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DirectEndpoint } from '../../lib/constructs/direct-endpoint.ts';
import { toQueue, toStream } from '../../lib/constructs/direct-targets.ts';
import { EventStream } from '../../lib/constructs/event-stream.ts';
import { FanOutTopic } from '../../lib/constructs/fan-out-topic.ts';
import { KafkaCluster } from '../../lib/constructs/kafka-cluster.ts';
import { KafkaTopic } from '../../lib/constructs/kafka-topic.ts';
import { OrderedQueue } from '../../lib/constructs/ordered-queue.ts';
import { PrivateBucket } from '../../lib/constructs/private-bucket.ts';
import { PushChannel } from '../../lib/constructs/push-channel.ts';
import { RestEndpoint } from '../../lib/constructs/rest-endpoint.ts';
import { ServiceApi } from '../../lib/constructs/service-api.ts';
import { WorkQueue } from '../../lib/constructs/work-queue.ts';
import { MessagingRules } from '../../lib/policy/messaging-rules.ts';
import { aFunction, emptyStack } from './alone.ts';

/** Each construct in a stack of its own, as somebody who lifts it would write it: three lines. */
const lifted: Record<string, { type: string; build: (stack: Stack) => void }> = {
  WorkQueue: {
    type: 'AWS::SQS::Queue',
    build: (stack) => {
      const jobs = new WorkQueue(stack, 'Jobs');
      jobs.sendFrom(aFunction(stack, 'Api', ['JOBS_QUEUE_URL']), 'JOBS_QUEUE_URL');
      jobs.consumeWith(aFunction(stack, 'Worker'));
    },
  },
  OrderedQueue: {
    type: 'AWS::SQS::Queue',
    build: (stack) => {
      const edits = new OrderedQueue(stack, 'Edits');
      edits.sendFrom(aFunction(stack, 'Api', ['EDITS_QUEUE_URL']), 'EDITS_QUEUE_URL');
      edits.consumeWith(aFunction(stack, 'Editor'));
    },
  },
  FanOutTopic: {
    type: 'AWS::SNS::Topic',
    build: (stack) => {
      const events = new FanOutTopic(stack, 'Events');
      events.publishFrom(aFunction(stack, 'Worker', ['EVENTS_TOPIC_ARN']), 'EVENTS_TOPIC_ARN');
      events.subscribe(new WorkQueue(stack, 'Audits'), { raw: true });
    },
  },
  EventStream: {
    type: 'AWS::Kinesis::Stream',
    build: (stack) => {
      const activity = new EventStream(stack, 'Activity');
      activity.putFrom(aFunction(stack, 'Api', ['ACTIVITY_STREAM']), 'ACTIVITY_STREAM');
      activity.consumeWith(aFunction(stack, 'Counter'));
    },
  },
  KafkaTopic: {
    type: 'AWS::MSK::Topic',
    build: (stack) => {
      const cluster = new KafkaCluster(stack, 'Cluster', { clusterName: 'activity' });
      const topic = new KafkaTopic(stack, 'Activity', { cluster, topicName: 'activity' });
      topic.consumeWith(aFunction(stack, 'Counter'), { groupId: 'counter' });
    },
  },
  RestEndpoint: {
    type: 'AWS::ApiGateway::Method',
    build: (stack) => {
      const api = new ServiceApi(stack, 'Api');
      const handler = aFunction(stack, 'GetJob');
      new RestEndpoint(stack, 'GetOneJob', { api, method: 'GET', path: '/v1/jobs/{id}', handler });
    },
  },
  'DirectEndpoint to a queue': {
    type: 'AWS::ApiGateway::Method',
    build: (stack) => {
      const api = new ServiceApi(stack, 'Api');
      const target = toQueue(new WorkQueue(stack, 'Feedback'));
      new DirectEndpoint(stack, 'PostFeedback', { api, path: '/v1/feedback', target });
    },
  },
  'DirectEndpoint to a stream': {
    type: 'AWS::ApiGateway::Method',
    build: (stack) => {
      const api = new ServiceApi(stack, 'Api');
      const target = toStream(new EventStream(stack, 'Telemetry'));
      new DirectEndpoint(stack, 'PostTelemetry', { api, path: '/v1/telemetry', target });
    },
  },
  PushChannel: {
    type: 'AWS::ApiGatewayV2::Api',
    build: (stack) => {
      const [onConnect, onDisconnect] = [aFunction(stack, 'Connect'), aFunction(stack, 'Disconnect')];
      const watch = aFunction(stack, 'Watch', ['CONNECTIONS_TABLE']);
      const push = new PushChannel(stack, 'Push', { onConnect, onDisconnect, actions: { watch } });
      push.trackFrom(watch, 'CONNECTIONS_TABLE');
    },
  },
  PrivateBucket: {
    type: 'AWS::S3::Bucket',
    build: (stack) => {
      const uploads = new PrivateBucket(stack, 'Uploads', { expiry: Duration.days(1) });
      uploads.announceTo(new WorkQueue(stack, 'Received'), 'uploads/');
      uploads.readFrom(aFunction(stack, 'Worker', ['UPLOADS_BUCKET']), 'UPLOADS_BUCKET', 'uploads/');
    },
  },
};

describe.each(Object.entries(lifted))('%s, lifted into a stack of its own', (_, { type, build }) => {
  test('is a whole template', () => {
    const stack = emptyStack();

    build(stack);

    expect(Object.keys(Template.fromStack(stack).findResources(type))).not.toEqual([]);
  });

  test.each([new MessagingRules(), new AwsSolutionsChecks()])('leaves nothing for $name to find', (pack) => {
    const stack = emptyStack();

    build(stack);
    Template.fromStack(stack);

    expect(pack.validateScope(stack).violations).toEqual([]);
  });
});
