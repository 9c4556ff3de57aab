import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from './client-config.ts';
import type { CloudTarget } from './target.ts';

/**
 * Why the lab's stack cannot be used; undefined when it can. Asked once, so that a target that is not there is one
 * line and not one for each run.
 */
export const unreachable = async ({ endpoint, resources }: CloudTarget): Promise<string | undefined> => {
  const sqs = new SQSClient(clientConfig(endpoint));
  try {
    await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: resources.queueUrl, AttributeNames: ['QueueArn'] }),
    );
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message || 'no answer'}` : String(error);
  } finally {
    sqs.destroy();
  }
};
