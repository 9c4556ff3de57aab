import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });

/** What is kept of newsletters: who wants them, what came of it. Everything but alerts is forgotten by itself in the end. */
export class NewsletterTables extends Construct {
  readonly subscriptions: Table;
  readonly inboxes: Table;
  readonly alerts: Table;
  /** Which webhooks were delivered. */
  readonly receipts: Table;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const settings = {
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: props.removalPolicy,
    };
    const forgetting = { ...settings, timeToLiveAttribute: 'expiresAt' };

    this.subscriptions = new Table(this, 'Subscriptions', { ...forgetting, partitionKey: text('id') });
    for (const [indexName, attribute] of [
      ['byChannel', 'confirmedChannel'],
      ['byAddress', 'confirmedAddress'],
    ] as const) {
      this.subscriptions.addGlobalSecondaryIndex({
        indexName,
        partitionKey: text(attribute),
        sortKey: text('id'),
        projectionType: ProjectionType.ALL,
      });
    }
    this.inboxes = new Table(this, 'Inboxes', {
      ...forgetting,
      partitionKey: text('address'),
      sortKey: text('messageId'),
    });
    this.alerts = new Table(this, 'Alerts', { ...settings, partitionKey: text('id') });
    this.receipts = new Table(this, 'Receipts', { ...forgetting, partitionKey: text('id') });
  }
}
