import { z } from 'zod';
import type { Cloud } from '../cloud.ts';
import { customResource } from './custom-resource.ts';
import { acceptedNotEmulated, resourceType } from './resource-type.ts';

/** What `AwsCustomResource` of the CDK asks: one call of the AWS SDK, of whose answer some paths become attributes. */
const call = z.object({
  service: z.string(),
  action: z.string(),
  parameters: z.record(z.string(), z.unknown()).default({}),
  physicalResourceId: z.object({ id: z.string().optional() }).optional(),
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

const parsedCalls = z.object({ Create: property.optional(), Update: property.optional() });

/** The CDK's own function asks what is on this machine; for services that are not, the answers are ready. */
export const customAws = resourceType({
  type: 'Custom::AWS',
  attributes: 'any',
  properties: z.strictObject({
    ServiceToken: z.string(),
    Create: z.string().optional(),
    Update: z.string().optional(),
    Delete: z.string().optional(),
    OutputPaths: z.array(z.string()).optional(),
    LogApiResponseData: z.unknown().optional(),
    InstallLatestAwsSdk: acceptedNotEmulated('the AWS SDK of the runtime is used as it is'),
  }),
  create: async ({ ServiceToken, ...texts }, context) => {
    const { Create, Update } = parsedCalls.parse(texts);
    const asked = Create ?? Update;
    const answer = asked && answers[`${asked.service}.${asked.action}`];
    if (answer && asked.physicalResourceId?.id !== undefined)
      return { ref: asked.physicalResourceId.id, attributes: answer(asked.parameters, context.cloud) };
    const { InstallLatestAwsSdk: _, ...given } = texts;
    return customResource.create({ ServiceToken, InstallLatestAwsSdk: 'false', ...given }, context);
  },
});
