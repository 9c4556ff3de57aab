import { AwsError } from '../errors.ts';
import type { Credentials, Iam, UnusedGrant } from '../iam.ts';
import type { Caller } from '../ports.ts';
import { deriveCredentials } from './credentials.ts';
import { type Decision, decide, type Policies } from './decision.ts';
import { compilePolicy, type Statement } from './policy-document.ts';
import { contextOf } from './request-context.ts';
import { policyHoldersOf } from './resource-arn.ts';

/** Distinct requests (object keys, mostly) whose decision is remembered. */
const REMEMBERED_DECISIONS = 50_000;

const AWS_MANAGED = 'arn:aws:iam::aws:policy/';

/** What this cloud asks authorization for; grants for other services (`logs`, `xray`) cannot be used here. */
const ENFORCED_SERVICES = new Set([
  'cloudwatch',
  'dynamodb',
  'execute-api',
  'kinesis',
  'lambda',
  's3',
  'sns',
  'sqs',
]);

/**
 * AWS IAM for one account (IAM User Guide, "Policy evaluation logic"): an explicit deny wins; a role needs its own
 * policies or the resource's, a service the resource's; the account itself may do everything.
 */
export class PolicyEngine implements Iam {
  readonly #account: string;
  /** By role, then by policy name. */
  readonly #identityPolicies = new Map<string, Map<string, Statement[]>>();
  readonly #resourcePolicies = new Map<string, Map<string, Statement[]>>();
  readonly #callers = new Map<string, Caller>();
  readonly #decisions = new Map<string, Decision>();

  constructor(account: string) {
    this.#account = account;
  }

  authorize(
    caller: Caller,
    action: string,
    resourceArn: string,
    conditions: Readonly<Record<string, string>> = {},
  ): void {
    if (caller.kind === 'account') return;
    const decision = this.#remembered(caller, action, resourceArn, conditions);
    if (!decision.allowed)
      throw new AwsError(
        'AccessDenied',
        `${this.#nameOf(caller)} is not authorized to perform: ${action} on resource: ${resourceArn} ${decision.because}`,
        403,
      );
  }

  credentialsFor(roleArn: string, session: string): Credentials {
    const credentials = deriveCredentials(roleArn, session);
    this.#callers.set(credentials.accessKeyId, { kind: 'role', roleArn, session });
    return credentials;
  }

  callerOf(accessKeyId: string | undefined): Caller {
    if (accessKeyId === undefined) return { kind: 'anonymous' };
    return this.#callers.get(accessKeyId) ?? { kind: 'account' };
  }

  putRole(roleArn: string, policies: Readonly<Record<string, unknown>>): void {
    this.#policiesOf(this.#identityPolicies, withoutPath(roleArn));
    for (const [name, document] of Object.entries(policies)) this.attachPolicy(roleArn, name, document);
  }

  attachPolicy(roleArn: string, policyName: string, document: unknown): void {
    this.#put(this.#identityPolicies, withoutPath(roleArn), policyName, document);
  }

  putResourcePolicy(resourceArn: string, policyName: string, document: unknown): void {
    this.#put(this.#resourcePolicies, resourceArn, policyName, document);
  }

  unusedGrants(): UnusedGrant[] {
    return [...this.#identityPolicies].flatMap(([roleArn, policies]) =>
      [...policies]
        .filter(([policy]) => !policy.startsWith(AWS_MANAGED))
        .flatMap(([policy, statements]) =>
          statements
            .filter(({ effect }) => effect === 'Allow')
            .flatMap(({ grants }) => grants)
            .filter(({ used, action }) => !used && isEnforced(action))
            .map(({ action, resources }) => ({ roleArn, policy, action, resources })),
        ),
    );
  }

  #remembered(
    caller: Exclude<Caller, { kind: 'account' }>,
    action: string,
    resourceArn: string,
    conditions: Readonly<Record<string, string>>,
  ): Decision {
    const key = JSON.stringify([caller, action, resourceArn, conditions]);
    const known = this.#decisions.get(key);
    if (known) return known;
    const request = { caller, action, resourceArn, context: contextOf(caller, this.#account, conditions) };
    const decision = decide(request, this.#policiesFor(caller, resourceArn), this.#account);
    if (this.#decisions.size >= REMEMBERED_DECISIONS) this.#decisions.clear();
    this.#decisions.set(key, decision);
    return decision;
  }

  #policiesFor(caller: Caller, resourceArn: string): Policies {
    const identity =
      caller.kind === 'role' ? this.#identityPolicies.get(withoutPath(caller.roleArn)) : undefined;
    return {
      identity: [...(identity?.values() ?? [])].flat(),
      resource: policyHoldersOf(resourceArn)
        .flatMap((holder) => [...(this.#resourcePolicies.get(holder)?.values() ?? [])])
        .flat(),
    };
  }

  #put(
    holders: Map<string, Map<string, Statement[]>>,
    holder: string,
    name: string,
    document: unknown,
  ): void {
    const statements = compilePolicy(name, document);
    this.#policiesOf(holders, holder).set(name, statements);
    this.#decisions.clear();
  }

  #policiesOf(holders: Map<string, Map<string, Statement[]>>, holder: string): Map<string, Statement[]> {
    const policies = holders.get(holder) ?? new Map<string, Statement[]>();
    holders.set(holder, policies);
    return policies;
  }

  #nameOf(caller: Caller): string {
    switch (caller.kind) {
      case 'role': {
        const role = caller.roleArn.slice(caller.roleArn.lastIndexOf('/') + 1);
        return `User: arn:aws:sts::${this.#account}:assumed-role/${role}/${caller.session}`;
      }
      case 'service':
        return `Service: ${caller.service} on behalf of ${caller.sourceArn}`;
      case 'account':
        return `User: arn:aws:iam::${this.#account}:root`;
      case 'anonymous':
        return 'User: anonymous';
    }
  }
}

const isEnforced = (action: string): boolean =>
  action === '*' || ENFORCED_SERVICES.has(action.split(':')[0]?.toLowerCase() ?? '');

/** A policy names its roles by their names alone, which are unique within an account. */
const withoutPath = (roleArn: string): string => roleArn.replace(/:role\/.*\//, ':role/');
