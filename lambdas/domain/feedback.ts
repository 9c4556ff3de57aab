import type { Feedback } from '../messages/feedback.ts';

/** Feedback as it is kept; `id` is that of its message, `receivedAt` when the queue took it. */
export interface KeptFeedback extends Feedback {
  readonly id: string;
  readonly receivedAt: string;
}

export interface FeedbackStore {
  /** Keeps one entry per id: the same message again changes nothing. */
  keep(feedback: KeptFeedback): Promise<void>;
}
