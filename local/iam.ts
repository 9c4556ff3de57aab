import type { Caller } from './ports.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** An action that a role was granted and nothing has used. */
export interface UnusedGrant {
  readonly roleArn: string;
  readonly policy: string;
  readonly action: string;
  readonly resources: readonly string[];
}

/** Decides who may do what, from the roles and resource policies of the deployed templates. */
export interface Iam {
  /** Throws AwsError AccessDenied that names caller, action and resource. Condition keys such as `aws:SourceArn` come from the caller and `conditions`. */
  authorize(
    caller: Caller,
    action: string,
    resourceArn: string,
    conditions?: Readonly<Record<string, string>>,
  ): void;
  /** The credentials with which a function's environment signs; its requests then act as this role. */
  credentialsFor(roleArn: string, session: string): Credentials;
  /** Any key that was not given out by `credentialsFor` is the account's administrator. */
  callerOf(accessKeyId: string | undefined): Caller;
  /** `AWS::IAM::Role`, with its inline policies by name. */
  putRole(roleArn: string, policies: Readonly<Record<string, unknown>>): void;
  /** `AWS::IAM::Policy` and managed policies: attaches one more document to a role. */
  attachPolicy(roleArn: string, policyName: string, document: unknown): void;
  /** Queue, topic, bucket policies; Lambda permissions (one statement a call, under its own `policyName`). */
  putResourcePolicy(resourceArn: string, policyName: string, document: unknown): void;
  /** What the template grants its roles and nothing has needed so far: least privilege would leave it out. */
  unusedGrants(): UnusedGrant[];
}
