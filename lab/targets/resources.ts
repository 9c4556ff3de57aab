import { z } from 'zod';
import type { LabResources } from './target.ts';

const Outputs = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * The lab's resources in an outputs file of `cdk deploy`.
 * @throws Error of one line: it is no such file, or which output is missing or no address
 */
export const resourcesOf = (outputsFile: unknown): LabResources => {
  const stacks = Outputs.safeParse(outputsFile);
  if (!stacks.success) throw new Error('not an outputs file of cdk deploy: {stack: {output: value}}');
  const all = Object.assign({}, ...Object.values(stacks.data));
  const output = (name: string): string => {
    const value = z.string().safeParse(all[name]);
    if (!value.success)
      throw new Error(`No output ${name}: is the lab's stack deployed (npm run lab:deploy)?`);
    return value.data;
  };
  const queueUrl = output('LabQueueUrl');
  if (!URL.canParse(queueUrl)) throw new Error(`LabQueueUrl ${queueUrl} is no URL`);
  return {
    queueUrl,
    orderedQueueUrl: output('LabOrderedQueueUrl'),
    topicArn: output('LabTopicArn'),
    copyQueueUrls: output('LabCopyQueueUrls').split(' '),
    streamName: output('LabStreamName'),
  };
};
