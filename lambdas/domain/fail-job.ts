import type { JobRequested } from '../messages/job-messages.ts';
import { causedBy, jobExhausted } from './messages.ts';
import type { Clock, DeadLetters, Publisher } from './ports.ts';
import { processingExhausted } from './problem.ts';

/** A message that no worker could handle; `request` is missing when it cannot even be read. */
export interface ExhaustedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly request?: JobRequested | undefined;
}

/**
 * Ends the job of a message that was tried too often, then hands the message on, with its cause, to where a person looks.
 * In this order: the owner learns of it even if the second step has to be repeated.
 */
export const failJob = async (
  { messageId, body, request }: ExhaustedMessage,
  { publisher, deadLetters, clock }: { publisher: Publisher; deadLetters: DeadLetters; clock: Clock },
): Promise<void> => {
  if (!request) {
    const cause = 'The body is not a message that the workers know';
    await deadLetters.forward(body, { cause, messageId });
    return;
  }
  const { jobId } = request.data;
  const { problem } = processingExhausted(
    'Every attempt ended unexpectedly. The job can be run again by an operator.',
  );
  const { type, title, detail } = problem;
  const error = { type, title, detail, retryable: true };
  await publisher.publish(jobExhausted(jobId, messageId, error, causedBy(request), clock));
  await deadLetters.forward(body, { cause: title, problemType: type, jobId, messageId });
};
