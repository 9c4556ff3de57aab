import type { CfnResource } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { NagRuleCompliance, type NagRuleResult } from 'cdk-nag';
import * as z from 'zod';
import { resolved } from '../references.ts';
import { type Statement, statementsOf } from '../statements.ts';

/** Actions that know no resources: a wildcard is all that they take (Service Authorization Reference). */
const withoutResources = new Set([
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'cloudwatch:PutMetricData',
]);

/** A role may do what it needs with the resources that it needs. One finding for each action that is allowed on all. */
export const noWildcardResource = (node: CfnResource): NagRuleResult => {
  const documents = documentsOf(node);
  if (!documents) return NagRuleCompliance.NOT_APPLICABLE;
  const findings = documents.flatMap((document) => statementsOf(node, document)).flatMap(tooWide);
  return findings.length === 0 ? NagRuleCompliance.COMPLIANT : [...new Set(findings)];
};

const documentsOf = (node: CfnResource): readonly unknown[] | undefined => {
  if (node instanceof CfnPolicy || node instanceof CfnManagedPolicy) return [node.policyDocument];
  if (!(node instanceof CfnRole)) return undefined;
  const inline = z.array(z.object({ PolicyDocument: z.unknown() })).safeParse(resolved(node, node.policies));
  const lower = z.array(z.object({ policyDocument: z.unknown() })).safeParse(resolved(node, node.policies));
  if (inline.success) return inline.data.map(({ PolicyDocument }) => PolicyDocument);
  return lower.success ? lower.data.map(({ policyDocument }) => policyDocument) : [];
};

const tooWide = ({ Effect, Action = [], Resource = [] }: Statement): readonly string[] =>
  Effect === 'Allow' && Resource.includes('*')
    ? Action.map(String).filter((action) => !withoutResources.has(action))
    : [];
