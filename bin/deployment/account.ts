import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UserError } from '../../local/errors.ts';
import { plainly } from './plainly.ts';
import { isMissing } from './stack-resources.ts';

/** Where a deployment goes. */
export interface Account {
  readonly id: string;
  readonly region: string;
  readonly endpoint: string | undefined;
}

/** `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`. */
const regionName = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

/**
 * The account and the region of the credentials at hand.
 *
 * @throws {UserError} of one line: no credentials, no region, a wrong one, no endpoint, or nobody who answers
 */
export const currentAccount = async (): Promise<Account> => {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  if (endpoint !== undefined && !URL.canParse(endpoint))
    throw new UserError(`AWS_ENDPOINT_URL=${endpoint} is no URL (one is http://localhost:4566)`);
  const sts = new STSClient({ maxAttempts: 2 });
  try {
    const region = await sts.config.region();
    if (!regionName.test(region))
      throw new UserError(`region ${region}: no region is called that (one is us-east-1): set AWS_REGION`);
    const { Account: id } = await sts.send(new GetCallerIdentityCommand({}));
    if (id === undefined) throw new UserError('AWS does not tell the account of these credentials');
    return { id, region, endpoint };
  } catch (error) {
    throw plainly(error, endpoint ?? `AWS in region ${process.env.AWS_REGION ?? 'of the profile'}`);
  } finally {
    sts.destroy();
  }
};

const toolkitStack = 'CDKToolkit';

/** @throws {UserError} with the command to run, when the CDK was never bootstrapped there */
export const checkBootstrapped = async (account: Account): Promise<void> => {
  const cloudFormation = new CloudFormationClient({ region: account.region, maxAttempts: 2 });
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: toolkitStack }));
    if (Stacks.some(({ StackStatus = '' }) => isThere(StackStatus))) return;
    throw new UserError(`${notReady(account)} (${toolkitStack} is ${Stacks[0]?.StackStatus})`);
  } catch (error) {
    if (isMissing(error)) throw new UserError(notReady(account));
    throw plainly(error, nameOf(account));
  } finally {
    cloudFormation.destroy();
  }
};

/** `ROLLBACK_COMPLETE` is how a stack ends whose creation has failed: there is nothing in it. */
const isThere = (status: string): boolean => status.endsWith('_COMPLETE') && status !== 'ROLLBACK_COMPLETE';

const notReady = ({ id, region, endpoint }: Account): string => {
  const s3 = process.env.AWS_ENDPOINT_URL_S3 ?? endpoint;
  const cdk =
    endpoint === undefined
      ? 'npx cdk'
      : `AWS_ENDPOINT_URL=${endpoint} AWS_ENDPOINT_URL_S3=${s3} npx cdklocal`;
  return `account ${id} is not bootstrapped in ${region}: run ${cdk} bootstrap aws://${id}/${region}`;
};

export const nameOf = ({ id, region, endpoint }: Account): string =>
  `account ${id}, region ${region}${endpoint === undefined ? '' : `, at ${endpoint}`}`;
