import type { Caller } from '../ports.ts';
import type { RequestContext } from './conditions.ts';

/** Keys that a request has here, and those that none has where there is no network, no TLS, no organization, no user. */
const knownKeys = new Set(
  [
    'aws:MultiFactorAuthAge',
    'aws:MultiFactorAuthPresent',
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalIsAWSService',
    'aws:PrincipalOrgID',
    'aws:PrincipalServiceName',
    'aws:PrincipalType',
    'aws:ResourceAccount',
    'aws:SecureTransport',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceOrgID',
    'aws:SourceOwner',
    'aws:SourceVpc',
    'aws:SourceVpce',
    's3:TlsVersion',
  ].map((key) => key.toLowerCase()),
);

/** Whether a request on AWS has no more to say under this key than one here: else a policy would mean something else. */
export const isKnownKey = (key: string): boolean => knownKeys.has(key.toLowerCase());

/**
 * The condition keys of a request (IAM User Guide, "AWS global condition context keys").
 * `aws:SecureTransport` is true: nothing leaves this machine, and the policies that refuse plain HTTP are kept for AWS.
 */
export const contextOf = (
  caller: Caller,
  account: string,
  conditions: Readonly<Record<string, string>>,
): RequestContext => {
  const always = { 'aws:SecureTransport': 'true', 'aws:ResourceAccount': account };
  const keys = { ...always, ...keysOf(caller, account), ...conditions };
  return new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]));
};

const keysOf = (caller: Caller, account: string): Record<string, string> => {
  switch (caller.kind) {
    case 'service':
      return {
        'aws:PrincipalIsAWSService': 'true',
        'aws:PrincipalServiceName': caller.service,
        'aws:SourceArn': caller.sourceArn,
        // The ARN of a bucket does not tell its account; there is only this one.
        'aws:SourceAccount': caller.sourceArn.split(':')[4] || account,
        // By this older key the policy of every new topic lets the account's alarms in.
        ...(caller.service === 'cloudwatch.amazonaws.com' && { 'aws:SourceOwner': account }),
      };
    case 'role':
      return {
        'aws:PrincipalIsAWSService': 'false',
        'aws:PrincipalAccount': account,
        'aws:PrincipalArn': caller.roleArn,
        'aws:PrincipalType': 'AssumedRole',
      };
    default:
      return { 'aws:PrincipalIsAWSService': 'false' };
  }
};
