import { UserError } from '../../local/errors.ts';

const noCredentials = 'no AWS credentials: sign in (aws sso login, or aws configure) and set AWS_PROFILE';

/** What the SDK says, by the name of its error, and what to do about it. */
const known: Readonly<Record<string, string>> = {
  CredentialsProviderError: noCredentials,
  UnrecognizedClientException: 'AWS does not know these credentials: sign in again, or look at AWS_PROFILE',
  InvalidClientTokenId: 'AWS does not know these credentials: sign in again, or look at AWS_PROFILE',
  InvalidSignatureException: 'the secret key does not fit the access key: look at AWS_PROFILE',
  SignatureDoesNotMatch: 'the secret key does not fit the access key: look at AWS_PROFILE',
  ExpiredToken: 'the AWS session has ended: sign in again (aws sso login)',
  ExpiredTokenException: 'the AWS session has ended: sign in again (aws sso login)',
  TokenRefreshRequired: 'the AWS session has ended: sign in again (aws sso login)',
};

/** Names of errors of the network, as Node.js gives them, and what to look at. */
const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers: is it running?',
  ECONNRESET: 'the connection was broken: try again',
  ETIMEDOUT: 'no answer in time: is this machine online?',
  ENOTFOUND: 'there is no such address: is the region right (AWS_REGION), and this machine online?',
  EAI_AGAIN: 'no name server answers: is this machine online?',
};

/** One line with what to do, for everything that a person can mend; anything else stays as it is. */
export const plainly = (error: unknown, place: string): unknown => {
  if (!(error instanceof Error)) return error;
  const said = known[error.name];
  if (said !== undefined) return new UserError(said);
  if (error.message.includes('Region is missing'))
    return new UserError('no region: set AWS_REGION, or give your profile one (aws configure set region)');
  const cause = codeOf(error);
  const reason = cause === undefined ? undefined : unreachable[cause];
  if (reason !== undefined) return new UserError(`${place}: ${reason}`);
  if (/AccessDenied|not authorized/.test(`${error.name} ${error.message}`))
    return new UserError(`${place}: these credentials may not do that: ${error.message.split('\n')[0]}`);
  return error;
};

const codeOf = (error: Error): string | undefined => {
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError)
    return error.errors.filter((one) => one instanceof Error).map(codeOf)[0];
  return error.cause instanceof Error ? codeOf(error.cause) : undefined;
};
