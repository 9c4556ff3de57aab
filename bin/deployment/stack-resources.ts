import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';

/** A resource of a stack that is there. */
export interface StackResource {
  /** How the template calls it. */
  readonly logicalId: string;
  readonly type: string;
  /** How the account calls it: the name of a bucket, a table, a log group. */
  readonly name: string;
}

/** What is in a stack now. A stack that is not there has nothing. */
export const resourcesOf = async (
  client: CloudFormationClient,
  stack: string,
): Promise<readonly StackResource[]> => {
  const resources: StackResource[] = [];
  try {
    for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
      for (const one of page.StackResourceSummaries ?? []) {
        const { LogicalResourceId: logicalId, ResourceType: type, PhysicalResourceId: name } = one;
        if (one.ResourceStatus === 'DELETE_COMPLETE') continue;
        if (logicalId !== undefined && type !== undefined && name !== undefined)
          resources.push({ logicalId, type, name });
      }
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return resources;
};

/** CloudFormation has no name for this error: it is a ValidationError whose words tell. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && /does not exist/.test(error.message);
