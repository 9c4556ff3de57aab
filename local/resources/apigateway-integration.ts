import { z } from 'zod';
import { selectionExpression } from '../services/api-gateway/integration-response.ts';
import { isMappingExpression } from '../services/api-gateway/mapping-values.ts';
import type { Integration } from '../services/api-gateway/model.ts';
import { templateFault } from '../services/api-gateway/template.ts';
import { acceptedNotEmulated, cfnNumber } from './resource-type.ts';

const template = z.string().superRefine((text, context) => {
  const fault = templateFault(text);
  if (fault !== undefined) context.addIssue(fault);
});
const templates = z.record(z.string(), template).default({});

const mapping = (side: 'request' | 'response') =>
  z.string().refine((expression) => isMappingExpression(side, expression), 'Invalid mapping expression');

const pattern = z.string().refine((text) => {
  try {
    return selectionExpression(text) instanceof RegExp;
  } catch {
    return false;
  }
}, 'Not a regular expression');
const contentHandling = z.enum(['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT']);

const integrationResponse = z.strictObject({
  StatusCode: z.coerce.number().int(),
  SelectionPattern: pattern.optional(),
  ResponseParameters: z
    .record(z.string().regex(/^method\.response\.header\..+/), mapping('response'))
    .default({}),
  ResponseTemplates: templates,
  ContentHandling: contentHandling.optional(),
});

/** An integration calls a function, an action or path of a service, or nobody. HTTP back ends are refused here. */
const uri = z
  .string()
  .regex(
    /^arn:[^:]+:apigateway:[^:]+:(lambda:path\/(2015-03-31\/functions\/.+\/invocations|2021-11-15\/functions\/.+\/response-streaming-invocations)|(sqs|sns|kinesis|dynamodb|s3):(path|action)\/.+)$/s,
    'Not a function, nor an action or path of SQS, SNS, Kinesis, DynamoDB or S3',
  );

/** `Integration` of a method. */
export const integration = z
  .strictObject({
    Type: z.enum(['AWS_PROXY', 'AWS', 'MOCK']),
    IntegrationHttpMethod: z.string().optional(),
    Uri: uri.optional(),
    Credentials: z
      .string()
      .regex(/^arn:[^:]+:iam::\d+:role\//, 'Only a role; the credentials of the caller are not supported')
      .optional(),
    PassthroughBehavior: z.enum(['NEVER', 'WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES']).default('WHEN_NO_MATCH'),
    RequestParameters: z
      .record(z.string().regex(/^integration\.request\.(header|querystring|path)\..+/), mapping('request'))
      .default({}),
    RequestTemplates: templates,
    ContentHandling: contentHandling.optional(),
    TimeoutInMillis: cfnNumber.pipe(z.number().int().min(50)).default(29_000),
    IntegrationResponses: z.array(integrationResponse).default([]),
    ResponseTransferMode: z.enum(['BUFFERED', 'STREAM']).default('BUFFERED'),
    ConnectionType: z.enum(['INTERNET']).optional(),
    CacheKeyParameters: acceptedNotEmulated('answers are not cached on this machine'),
    CacheNamespace: acceptedNotEmulated('answers are not cached on this machine'),
  })
  .refine(({ Type, Uri }) => Type === 'MOCK' || Uri !== undefined, 'Uri is missing')
  .refine(
    ({ ResponseTransferMode, Type, Uri = '' }) =>
      (ResponseTransferMode === 'STREAM') === Uri.endsWith('/response-streaming-invocations') &&
      (ResponseTransferMode === 'BUFFERED' || Type === 'AWS_PROXY'),
    'ResponseTransferMode STREAM goes with AWS_PROXY and a URI that ends in /response-streaming-invocations',
  );

export const integrationOf = (properties: z.output<typeof integration>): Integration => ({
  type: properties.Type,
  ...(properties.IntegrationHttpMethod !== undefined && { httpMethod: properties.IntegrationHttpMethod }),
  ...(properties.Uri !== undefined && { uri: properties.Uri }),
  ...(properties.Credentials !== undefined && { credentials: properties.Credentials }),
  passthrough: properties.PassthroughBehavior,
  requestParameters: properties.RequestParameters,
  requestTemplates: properties.RequestTemplates,
  ...(properties.ContentHandling !== undefined && { contentHandling: properties.ContentHandling }),
  timeoutMs: properties.TimeoutInMillis,
  streams: properties.ResponseTransferMode === 'STREAM',
  responses: properties.IntegrationResponses.map((response) => ({
    statusCode: response.StatusCode,
    ...(response.SelectionPattern && { selectionPattern: response.SelectionPattern }),
    parameters: response.ResponseParameters,
    templates: response.ResponseTemplates,
    ...(response.ContentHandling !== undefined && { contentHandling: response.ContentHandling }),
  })),
});
