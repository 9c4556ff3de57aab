/** A template as small as can be for the bench: REST to an echo, and REST to a queue to a table. */
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const inline = (stack: Stack, id: string, code: string, environment: Record<string, string> = {}) =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(code),
    environment,
  });

const app = new App();
const stack = new Stack(app, 'Bench');
const queue = new Queue(stack, 'Queue');
const table = new Table(stack, 'Table', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  removalPolicy: RemovalPolicy.DESTROY,
});

const echo = inline(
  stack,
  'Echo',
  `exports.handler = async ({ body }) => ({ statusCode: 200, body: JSON.stringify({ echo: body }) });`,
);
const enqueue = inline(
  stack,
  'Enqueue',
  `const { SQS } = require('@aws-sdk/client-sqs');
const sqs = new SQS({});
exports.handler = async ({ body }) => {
  await sqs.sendMessage({ QueueUrl: process.env.QUEUE_URL, MessageBody: body });
  return { statusCode: 202, body: '{}' };
};`,
  { QUEUE_URL: queue.queueUrl },
);
const store = inline(
  stack,
  'Store',
  `const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const dynamodb = new DynamoDB({});
exports.handler = async ({ Records }) => {
  for (const { body } of Records) {
    await dynamodb.putItem({ TableName: process.env.TABLE, Item: { id: { S: JSON.parse(body).id } } });
  }
};`,
  { TABLE: table.tableName },
);
queue.grantSendMessages(enqueue);
table.grantWriteData(store);
store.addEventSource(new SqsEventSource(queue));

const api = new RestApi(stack, 'Api', { deployOptions: { stageName: 'live' } });
api.root.addResource('echo').addMethod('POST', new LambdaIntegration(echo));
api.root.addResource('items').addMethod('POST', new LambdaIntegration(enqueue));
new CfnOutput(stack, 'ApiUrl', { value: api.url });
new CfnOutput(stack, 'TableName', { value: table.tableName });
app.synth();
