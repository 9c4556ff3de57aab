import { SQSClient } from '@aws-sdk/client-sqs';
import { queueAnswers } from '../brokers/queue-lane.ts';
import { reasonOf } from '../reason.ts';
import { clientConfig } from './client-config.ts';
import type { CloudTarget } from './target.ts';

/**
 * Why the lab's stack cannot be used; undefined when it can. Asked once, so that a target that is not there is one
 * line and not one for each run.
 */
export const unreachable = async ({ endpoint, resources }: CloudTarget): Promise<string | undefined> => {
  const sqs = new SQSClient(clientConfig(endpoint));
  try {
    await queueAnswers(sqs, resources.queueUrl);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    sqs.destroy();
  }
};
