import { Feedback } from '../../../lambdas/messages/feedback.ts';
import { DirectEndpoint } from '../../constructs/direct-endpoint.ts';
import { toQueue } from '../../constructs/direct-targets.ts';
import type { FeedbackStack } from '../feedback-stack.ts';
import type { Door } from './door.ts';

/** Direct integration: what needs no code before it is accepted goes straight to its broker. */
export const directRoutes = ({ scope, api }: Door, feedback: FeedbackStack): void => {
  new DirectEndpoint(scope, 'PostFeedback', {
    api,
    path: '/v1/feedback',
    target: toQueue(feedback.feedback),
    body: Feedback,
  });
};
