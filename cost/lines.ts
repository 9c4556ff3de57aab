/** What is billed: a line of the bill by its key, with the unit in AWS's words. */
export const LINES = {
  'apigateway.rest': 'API Gateway REST requests',
  'apigateway.websocket.messages': 'API Gateway WebSocket messages (32 KB)',
  'apigateway.websocket.minutes': 'API Gateway WebSocket connection minutes',
  'lambda.requests': 'Lambda requests',
  'lambda.gbSeconds': 'Lambda GB-seconds (arm64)',
  'sqs.standard': 'SQS standard requests (64 KB)',
  'sqs.fifo': 'SQS FIFO requests (64 KB)',
  'sqs.emptyPolls': 'SQS empty receives of event sources *',
  'sqs.deliveries': 'SQS messages brought by SNS and S3 *',
  'sns.publishes': 'SNS publishes (64 KB)',
  'sns.deliveries.sqs': 'SNS deliveries to SQS',
  'sns.deliveries.lambda': 'SNS deliveries to Lambda',
  'sns.deliveries.http': 'SNS deliveries to HTTP(S) (64 KB)',
  'kinesis.putUnits': 'Kinesis PUT payload units (25 KB)',
  'dynamodb.reads': 'DynamoDB read request units',
  'dynamodb.writes': 'DynamoDB write request units',
  's3.put': 'S3 PUT, COPY, POST, LIST requests',
  's3.get': 'S3 GET and other requests',
} as const;

export type Line = keyof typeof LINES;

export const isLine = (key: string): key is Line => Object.hasOwn(LINES, key);

/** How much of each line was used; what is missing was not used. */
export type Usage = ReadonlyMap<Line, number>;
