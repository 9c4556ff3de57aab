import { XMLParser } from 'fast-xml-parser';
import type { Foundation } from '../../cloud.ts';
import type { AwsAnswer, AwsEndpoint } from './aws-endpoint.ts';
import type { Answer, Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { type IntegrationRequest, integrationRequest } from './integration-request.ts';
import { mapResponse } from './integration-response.ts';
import { withinTime, withStageVariables } from './lambda-invocation.ts';
import { templateContext } from './template-variables.ts';

const uriParts = /^arn:[^:]+:apigateway:([^:]+):([^:]+):(path|action)\/(.*)$/s;

/** Services whose actions go by header (`X-Amz-Target`); the others take `Action` and its parameters. */
const targets: Readonly<Record<string, { readonly prefix: string; readonly contentType: string }>> = {
  kinesis: { prefix: 'Kinesis_20131202', contentType: 'application/x-amz-json-1.1' },
  dynamodb: { prefix: 'DynamoDB_20120810', contentType: 'application/x-amz-json-1.0' },
};

interface Call {
  readonly service: string;
  readonly region: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly query: URLSearchParams;
  readonly body: Buffer | string;
}

/** The HTTP request that an integration URI stands for. Source: `Integration`, `uri`, in the API Gateway V1 API reference. */
const callOf = (exchange: Routed, request: IntegrationRequest): Call => {
  const uri = withStageVariables(exchange.route.method.integration.uri ?? '', exchange.stage);
  const [, region = '', service = '', kind, rest = ''] = uriParts.exec(uri) ?? [];
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': `AmazonAPIGateway_${exchange.definition.api.id}`,
    'x-amzn-apigateway-api-id': exchange.definition.api.id,
    'x-amzn-trace-id': exchange.segment.header,
  };
  const query = new URLSearchParams([...request.query]);
  let path = '/';
  if (kind === 'path')
    path += rest.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(request.path.get(name) ?? ''));
  const target = targets[service];
  if (kind === 'action' && target) {
    headers['content-type'] = target.contentType;
    headers['x-amz-target'] = `${target.prefix}.${rest}`;
  } else if (kind === 'action') query.set('Action', rest);
  Object.assign(headers, Object.fromEntries(request.headers));
  return { service, region, path, headers, query, body: request.body };
};

/** The query protocol takes its parameters from the URL and from the form alike; one place is enough. */
const asForm = (call: Call): Call => {
  if (call.service !== 'sqs' && call.service !== 'sns') return call;
  if (call.headers['x-amz-target'] !== undefined || call.query.size === 0) return call;
  const isForm = call.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const body = [isForm ? call.body.toString() : '', call.query.toString()]
    .filter((part) => part !== '')
    .join('&');
  const headers = { ...call.headers, 'content-type': 'application/x-www-form-urlencoded' };
  return { ...call, headers, query: new URLSearchParams(), body };
};

const xml = new XMLParser({ ignoreAttributes: true, ignoreDeclaration: true, parseTagValue: false });

/** SQS and SNS answer a form in XML, and on `Accept: application/json` the same in JSON. */
const asAccepted = (call: Call, answer: AwsAnswer): Buffer | string => {
  const isXml = answer.headers['content-type']?.includes('xml') ?? false;
  if (!isXml || call.service === 's3' || call.headers.accept !== 'application/json') return answer.body;
  const { ErrorResponse, ...rest } = xml.parse(answer.body.toString());
  return JSON.stringify(ErrorResponse ?? rest);
};

/** `AWS` on a service: the rendered request goes to the service under the integration's role, so that its grants count. */
export const callService = async (
  { clock, iam }: Foundation,
  endpoint: AwsEndpoint,
  exchange: Routed,
): Promise<Answer> => {
  const context = templateContext(exchange);
  const { integration } = exchange.route.method;
  if (integration.credentials === undefined)
    throw new GatewayError('API_CONFIGURATION_ERROR', {
      reason: 'The integration has no role to call a service with',
    });
  const call = asForm(callOf(exchange, integrationRequest(exchange, context)));
  const query = call.query.size > 0 ? `?${call.query}` : '';
  const answer = await withinTime(
    clock,
    integration.timeoutMs,
    endpoint.send({
      ...call,
      path: call.path + query,
      method: integration.httpMethod ?? 'POST',
      credentials: iam.credentialsFor(integration.credentials, 'BackplaneAssumeRoleSession'),
      now: clock.now(),
    }),
  ).catch((error: unknown) => {
    throw error instanceof GatewayError
      ? error
      : new GatewayError('INTEGRATION_FAILURE', { reason: String(error) });
  });
  exchange.integrationStatus = answer.status;
  const body = asAccepted(call, answer);
  return mapResponse(exchange, { selector: String(answer.status), headers: answer.headers, body }, context);
};
