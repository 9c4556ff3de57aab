import { z } from 'zod';
import { invalidValue } from './errors.ts';
import { jsonText } from './queue-attributes.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

const MOST_RECEIVES = 1000;
const redrivePolicy = jsonText.pipe(
  z.object({
    deadLetterTargetArn: z.string().optional(),
    maxReceiveCount: z.union([z.number(), z.string()]).optional(),
  }),
);
/** "You can specify [sourceQueueArns] only when the redrivePermission parameter is set to byQueue." */
const redriveAllowPolicy = jsonText.pipe(
  z.discriminatedUnion('redrivePermission', [
    z.object({
      redrivePermission: z.literal('byQueue'),
      sourceQueueArns: z.array(z.string()).min(1).max(10),
    }),
    z.object({
      redrivePermission: z.enum(['allowAll', 'denyAll']),
      sourceQueueArns: z.undefined().optional(),
    }),
  ]),
);

/** "SetQueueAttributes", `RedrivePolicy`. @throws InvalidParameterValue */
export const parseRedrivePolicy = (text: string): RedrivePolicy => {
  const refuse = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  const { success, data } = redrivePolicy.safeParse(text);
  if (!success) throw refuse('Redrive policy is not a valid JSON map.');
  for (const name of ['deadLetterTargetArn', 'maxReceiveCount'] as const)
    if (data[name] === undefined)
      throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
  const maxReceiveCount = Number(data.maxReceiveCount);
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > MOST_RECEIVES)
    throw refuse(
      `Invalid value for maxReceiveCount: ${data.maxReceiveCount}, valid values are from 1 to ${MOST_RECEIVES} both inclusive.`,
    );
  return { deadLetterTargetArn: data.deadLetterTargetArn ?? '', maxReceiveCount };
};

/** `RedriveAllowPolicy`: whether a queue may be the dead-letter queue of `sourceArn`. @throws InvalidParameterValue */
export const allowsRedriveFrom = (text: string | undefined, sourceArn: string): boolean => {
  if (!text) return true;
  const { success, data } = redriveAllowPolicy.safeParse(text);
  if (!success) throw invalidValue(text, 'RedriveAllowPolicy', 'Amazon SQS can not parse the policy.');
  if (data.redrivePermission === 'byQueue') return data.sourceQueueArns.includes(sourceArn);
  return data.redrivePermission === 'allowAll';
};
