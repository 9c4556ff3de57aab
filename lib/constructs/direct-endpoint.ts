import { Validations } from 'aws-cdk-lib';
import {
  AwsIntegration,
  type IntegrationResponse,
  type Method,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import * as z from 'zod';
import { bodyModel } from './body-model.ts';
import type { DirectTarget } from './direct-targets.ts';
import { PROBLEM_TYPE_PREFIX } from './problem-responses.ts';
import { type HttpMethod, openToAll } from './rest-endpoint.ts';
import type { ServiceApi, Throttle } from './service-api.ts';

export interface DirectEndpointProps {
  readonly api: ServiceApi;
  /** @default "POST" */
  readonly method?: HttpMethod;
  /** From the API's root: `/v1/feedback`. */
  readonly path: string;
  /** The broker behind: `toQueue(queue)` or `toStream(stream)`. */
  readonly target: DirectTarget;
  /**
   * The schema of a JSON body. API Gateway refuses what does not fit, value by value: behind it there is no code that would.
   * @default - any body
   */
  readonly body?: z.ZodObject;
  /**
   * The media types that are taken. Anything else is answered by 415.
   * @default - application/json
   */
  readonly contentTypes?: readonly string[];
  /**
   * @default - that of the API
   */
  readonly throttle?: Throttle;
}

/**
 * A method of a REST API that is answered by a broker, with no code between the door and the broker.
 *
 * What it adds to `aws-apigateway.AwsIntegration`, and why:
 * - passthrough NEVER: a body that has no template is refused instead of sent as it is;
 * - the body escaped for the broker's protocol, so that it stays data;
 * - every answer of the broker mapped by its HTTP status. Only 2xx becomes 202; what matches nothing is an error.
 *   Without patterns a refusal would reach the caller as success, and the message would be lost;
 * - a role for this endpoint, which may do one action on one resource.
 *
 * @example
 * new DirectEndpoint(this, 'Feedback', { api, path: '/v1/feedback', target: toQueue(feedback) });
 */
export class DirectEndpoint extends Construct {
  readonly method: Method;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: DirectEndpointProps) {
    super(scope, id);
    const { api, path, target, method = 'POST', contentTypes = ['application/json'] } = props;
    if (!path.startsWith('/'))
      throw new Error(`${this.node.path}: path "${path}" does not start with a slash`);
    if (contentTypes.length === 0)
      throw new Error(`${this.node.path}: contentTypes is empty: nothing would be taken`);

    this.checkField(target, props.body);

    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    Grant.addToPrincipal({
      grantee: this.role,
      actions: [...target.permission.actions],
      resourceArns: [...target.permission.resources],
    });
    const answers = answersOf(target);
    const integration = new AwsIntegration({
      service: target.service,
      ...(target.path !== undefined && { path: target.path }),
      ...(target.action !== undefined && { action: target.action }),
      integrationHttpMethod: 'POST',
      options: {
        credentialsRole: this.role,
        passthroughBehavior: PassthroughBehavior.NEVER,
        requestParameters: { 'integration.request.header.Content-Type': `'${target.contentType}'` },
        requestTemplates: Object.fromEntries(contentTypes.map((type) => [type, target.template])),
        integrationResponses: answers,
      },
    });
    this.method = api.restApi.root.resourceForPath(path).addMethod(method, integration, {
      requestValidator: api.validator,
      ...(props.body && { requestModels: { 'application/json': bodyModel(this, api, whole(props.body)) } }),
      methodResponses: [...new Set([...answers.map(({ statusCode }) => statusCode), '429'])].map(
        (statusCode) => ({
          statusCode,
          responseParameters: {
            'method.response.header.Content-Type': true,
            'method.response.header.Access-Control-Allow-Origin': true,
          },
        }),
      ),
    });
    if (props.throttle) api.throttle(method, path, props.throttle);
    Validations.of(this.method).acknowledge(...openToAll);
  }

  private checkField({ requiredField }: DirectTarget, body: z.ZodObject | undefined): void {
    if (requiredField === undefined) return;
    const { required = [], properties = {} } = body ? whole(body) : {};
    const property = properties[requiredField];
    if (required.includes(requiredField) && typeof property === 'object' && property.type === 'string')
      return;
    throw new Error(
      `${this.node.path}: the target takes "${requiredField}" out of the body: its schema has to require it as a string`,
    );
  }
}

/** The schema in the dialect of API Gateway's models. */
const whole = (body: z.ZodObject) => z.toJSONSchema(body, { target: 'draft-04', io: 'input' });

const requestId = '"requestId":"$context.requestId"';
const problem = (status: number, type: string, title: string, detail: string) =>
  `{"type":"${PROBLEM_TYPE_PREFIX}${type}","title":"${title}","status":${status},"detail":"${detail}",${requestId}}`;

const unavailable = problem(
  503,
  'broker-unavailable',
  'Service Unavailable',
  'The message was not taken. Try again later.',
);

/** API Gateway picks the answer by a pattern on the broker's status; the one without a pattern is for all others. */
const answersOf = (target: DirectTarget): IntegrationResponse[] => [
  answer('202', '2\\d{2}', 'application/json', `{"status":"accepted",${requestId}}`),
  answer('400', '4\\d{2}', 'application/problem+json', refusal(target)),
  answer('503', '5\\d{2}', 'application/problem+json', unavailable),
  answer(
    '502',
    undefined,
    'application/problem+json',
    problem(502, 'broker-answer-unknown', 'Bad Gateway', 'The broker gave no answer that can be understood.'),
  ),
];

/**
 * Brokers say with a 4xx also that they have too much to do, that the door may not send, or that they are not there: the
 * error's name tells it apart. Only what is wrong with the message is the caller's fault. Whatever is not known to be is
 * ours: the caller may try again, and a server error is what alarms watch.
 */
const refusal = ({ errorPath, throttledErrors, refusedErrors }: DirectTarget): string =>
  [
    `#set($error = $input.path('${errorPath}'))`,
    `#if(${isOneOf(throttledErrors)})`,
    '#set($context.responseOverride.status = 429)',
    problem(429, 'too-many-requests', 'Too Many Requests', 'The message was not taken. Try again later.'),
    `#elseif(${isOneOf(refusedErrors)})`,
    problem(400, 'message-refused', 'Bad Request', 'The broker refused the message.'),
    '#else',
    '#set($context.responseOverride.status = 503)',
    unavailable,
    '#end',
  ].join('');

const isOneOf = (names: readonly string[]): string => names.map((name) => `$error == '${name}'`).join(' || ');

const answer = (
  statusCode: string,
  selectionPattern: string | undefined,
  contentType: string,
  template: string,
): IntegrationResponse => ({
  statusCode,
  ...(selectionPattern !== undefined && { selectionPattern }),
  responseParameters: {
    'method.response.header.Content-Type': `'${contentType}'`,
    'method.response.header.Access-Control-Allow-Origin': "'*'",
  },
  // The template is looked up by the broker's media type; JSON is also what is taken when there is none for it.
  responseTemplates: { 'application/json': template },
});
