import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /**
   * Whoever reads this has to confirm the subscription once.
   * @default - nobody is subscribed yet; whoever is later needs no new deployment
   */
  readonly email?: string;
}

/**
 * Where alarms are sent.
 *
 * A topic that demands TLS has a policy of its own, which replaces the one that lets the account's alarms in: they are
 * named again. The topic is not encrypted with the key that AWS manages for SNS, because alarms may not use that one
 * (Amazon CloudWatch User Guide, "Notifying users on alarm changes").
 *
 * @example
 * const { topic } = new AlarmTopic(this, 'Alarms', { email: 'on-call@example.com' });
 * new WorkQueue(this, 'Jobs', { alarmTopic: topic });
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: AlarmTopicProps = {}) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    this.topic.grantPublish(alarms);
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }
}
