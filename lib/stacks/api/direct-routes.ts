import { TelemetryEvent } from '../../../lambdas/messages/activity-event.ts';
import { Feedback } from '../../../lambdas/messages/feedback.ts';
import { DirectEndpoint } from '../../constructs/direct-endpoint.ts';
import { toQueue, toStream } from '../../constructs/direct-targets.ts';
import type { ActivityStack } from '../activity-stack.ts';
import type { FeedbackStack } from '../feedback-stack.ts';
import type { Door } from './door.ts';

/** Direct integration: what needs no code before it is accepted goes straight to its broker. */
export const directRoutes = (
  { scope, api }: Door,
  { feedback }: FeedbackStack,
  { activity }: ActivityStack,
): void => {
  new DirectEndpoint(scope, 'PostFeedback', {
    api,
    path: '/v1/feedback',
    target: toQueue(feedback),
    body: Feedback,
  });
  // What is told of one subject stays in order.
  new DirectEndpoint(scope, 'PostTelemetry', {
    api,
    path: '/v1/telemetry',
    target: toStream(activity, { partitionKeyField: 'subject' }),
    body: TelemetryEvent,
  });
};
