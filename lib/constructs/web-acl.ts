import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { ServiceApi } from './service-api.ts';

export interface WebAclProps {
  readonly api: ServiceApi;
  /**
   * How many requests one address may make in five minutes: 10 or more.
   * @default 2,000
   */
  readonly requestsPerAddress?: number;
}

/** What AWS keeps up to date. Bodies are images: the size rule of the common set would refuse them. */
const managed = [
  { name: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet', counted: [] },
  { name: 'AWSManagedRulesCommonRuleSet', counted: ['SizeRestrictions_BODY'] },
];

const visible = (metricName: string) => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
  metricName,
});

/**
 * A web ACL before an API: AWS's managed rules, and a limit of requests for each address.
 *
 * It is not part of `ServiceApi`: it costs by the month, and what may pass is a decision of whoever opens an API to
 * the public.
 *
 * @example
 * new WebAcl(this, 'WebAcl', { api });
 */
export class WebAcl extends Construct {
  readonly acl: CfnWebACL;

  constructor(scope: Construct, id: string, { api, requestsPerAddress = 2_000 }: WebAclProps) {
    super(scope, id);
    this.acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible('WebAcl'),
      rules: [
        {
          name: 'RequestsPerAddress',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: { rateBasedStatement: { limit: requestsPerAddress, aggregateKeyType: 'IP' } },
          visibilityConfig: visible('RequestsPerAddress'),
        },
        ...managed.map(({ name, counted }, index) => ({
          name,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name,
              ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
            },
          },
          visibilityConfig: visible(name),
        })),
      ],
    });
    new CfnWebACLAssociation(this, 'Association', {
      webAclArn: this.acl.attrArn,
      resourceArn: api.restApi.deploymentStage.stageArn,
    });
  }
}
