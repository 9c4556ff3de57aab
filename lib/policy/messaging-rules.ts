import type { CfnResource } from 'aws-cdk-lib';
import { NagMessageLevel, NagPack, type NagPackProps, type NagRuleResult } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { alarmHasDimensions } from './rules/alarm-has-dimensions.ts';
import { deadLettersOutliveSource } from './rules/dead-letters-outlive-source.ts';
import { finiteStreamRetries } from './rules/finite-stream-retries.ts';
import { noWildcardResource } from './rules/no-wildcard-resource.ts';
import { partialBatchFailures } from './rules/partial-batch-failures.ts';
import { subscriptionHasDeadLetters } from './rules/subscription-has-dead-letters.ts';
import { tlsOnly } from './rules/tls-only.ts';
import { visibilityCoversTimeout } from './rules/visibility-covers-timeout.ts';

interface Rule {
  readonly name: string;
  readonly check: (node: CfnResource) => NagRuleResult;
  /** What is wrong. */
  readonly info: string;
  /** What to do. */
  readonly explanation: string;
}

const rules: readonly Rule[] = [
  {
    name: 'VisibilityCoversTimeout',
    check: visibilityCoversTimeout,
    info: 'The queue hides a message for less than six times the timeout of the function that handles it.',
    explanation:
      'Set the VisibilityTimeout to 6 x Timeout + MaximumBatchingWindowInSeconds, or use WorkQueue.',
  },
  {
    name: 'DeadLettersOutliveSource',
    check: deadLettersOutliveSource,
    info: 'The queue has no dead-letter queue, or one that keeps messages no longer than itself.',
    explanation: 'Give it a RedrivePolicy to a queue with a longer MessageRetentionPeriod, or use WorkQueue.',
  },
  {
    name: 'SubscriptionHasDeadLetters',
    check: subscriptionHasDeadLetters,
    info: 'A copy that cannot be delivered to this subscriber is lost.',
    explanation: 'Set a RedrivePolicy with the deadLetterTargetArn of a queue, or use FanOutTopic.subscribe.',
  },
  {
    name: 'PartialBatchFailures',
    check: partialBatchFailures,
    info: 'One failed message repeats its whole batch.',
    explanation:
      'Set FunctionResponseTypes to ReportBatchItemFailures, and report the failures in the handler.',
  },
  {
    name: 'AlarmHasDimensions',
    check: alarmHasDimensions,
    info: 'The alarm names no dimension, so that it watches nothing, or does not say what missing data means.',
    explanation: 'Set Dimensions and TreatMissingData.',
  },
  {
    name: 'NoWildcardResource',
    check: noWildcardResource,
    info: 'A role may use an action on every resource of the account.',
    explanation: 'Name the resource; the binding methods of the constructs do.',
  },
  {
    name: 'TlsOnly',
    check: tlsOnly,
    info: 'The resource can be used without TLS.',
    explanation: 'Set enforceSSL, or deny what has aws:SecureTransport "false" in its policy.',
  },
  {
    name: 'FiniteStreamRetries',
    check: finiteStreamRetries,
    info: 'A record that always fails holds up its shard until the stream forgets it, or is given up and lost.',
    explanation:
      'Set MaximumRetryAttempts, a MaximumRecordAgeInSeconds below the retention, and an OnFailure destination.',
  },
];

/**
 * What every messaging template must satisfy, whether its resources come from the constructs or were made by hand.
 *
 * @example
 * Validations.of(app).addPlugins(new MessagingRules(app));
 */
export class MessagingRules extends NagPack {
  readonly name = 'Messaging';

  constructor(scope?: IConstruct, props?: NagPackProps) {
    super(scope, props);
    this.packName = 'Messaging';
  }

  protected checkResource(node: CfnResource): void {
    for (const { name, check, info, explanation } of rules) {
      this.applyRule({
        ruleSuffixOverride: name,
        node,
        rule: check,
        info,
        explanation,
        level: NagMessageLevel.ERROR,
      });
    }
  }
}
