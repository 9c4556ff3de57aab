import { z } from 'zod';
import type { LabResources } from './target.ts';

const Outputs = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * The lab's resources in an outputs file of `cdk deploy`.
 * @throws Error that names the output that is missing
 */
export const resourcesOf = (outputsFile: unknown): LabResources => {
  const all = Object.assign({}, ...Object.values(Outputs.parse(outputsFile)));
  const output = (name: string): string => {
    const value = z.string().safeParse(all[name]);
    if (!value.success)
      throw new Error(`No output ${name}: is the lab's stack deployed (npm run lab:deploy)?`);
    return value.data;
  };
  return {
    queueUrl: output('LabQueueUrl'),
    orderedQueueUrl: output('LabOrderedQueueUrl'),
    topicArn: output('LabTopicArn'),
    copyQueueUrls: output('LabCopyQueueUrls').split(' '),
    streamName: output('LabStreamName'),
  };
};
