import { z } from 'zod';
import type { Cloud } from '../cloud.ts';
import { UserError } from '../errors.ts';
import { resourceType } from './resource-type.ts';

/** What `AwsCustomResource` of the CDK asks: one call of the AWS SDK, of whose answer some paths become attributes. */
const call = z.object({
  service: z.string(),
  action: z.string(),
  parameters: z.record(z.string(), z.unknown()).default({}),
  physicalResourceId: z.object({ id: z.string() }),
});

const property = z.string().transform((text, context) => {
  try {
    return call.parse(JSON.parse(text));
  } catch {
    context.addIssue('not a call of the AWS SDK');
    return z.NEVER;
  }
});

type Answer = (
  parameters: Readonly<Record<string, unknown>>,
  cloud: Cloud,
) => Readonly<Record<string, string>>;

/** The calls that are answered here, by service and action, with their answers flattened as the CDK flattens them. */
const answers: Readonly<Record<string, Answer>> = {
  'Kafka.getBootstrapBrokers': ({ ClusterArn }, { msk }) => ({
    BootstrapBrokerStringSaslIam: msk.cluster(z.string().parse(ClusterArn)).bootstrapServers,
  }),
  'EC2.describeManagedPrefixLists': () => ({ 'PrefixLists.0.PrefixListId': 'pl-00000000' }),
};

/** Done natively: the CDK's own function would ask services that are not on this machine. */
export const customAws = resourceType({
  type: 'Custom::AWS',
  properties: z.strictObject({
    ServiceToken: z.string(),
    Create: property.optional(),
    Update: property.optional(),
    Delete: property.optional(),
    InstallLatestAwsSdk: z.unknown().optional(),
  }),
  create: async ({ Create, Update }, { cloud }) => {
    const asked = Create ?? Update;
    if (!asked) throw new UserError('neither Create nor Update says what to ask');
    const answer = answers[`${asked.service}.${asked.action}`];
    if (!answer) throw new UserError(`${asked.service}.${asked.action} is not answered on this machine`);
    return { ref: asked.physicalResourceId.id, attributes: answer(asked.parameters, cloud) };
  },
});
