import { SQSClient } from '@aws-sdk/client-sqs';

/** One client per environment: its connections are reused by every invocation. */
export const sqs = new SQSClient({});
