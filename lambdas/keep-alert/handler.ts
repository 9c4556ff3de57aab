import { consume } from '../adapters/consume.ts';
import { dynamoDbAlerts } from '../adapters/dynamodb-alerts.ts';
import { readEnv } from '../adapters/environment.ts';
import { NewsletterPublished } from '../messages/newsletter-messages.ts';
import { KeepAlertEnv } from './env.ts';

const env = readEnv(KeepAlertEnv);
const alerts = dynamoDbAlerts(env.ALERTS_TABLE);

/** Keeps the issues that it gets: the subscription's filter lets alerts pass only. */
export const handler = consume(NewsletterPublished, ({ data }) => alerts.keep(data));
