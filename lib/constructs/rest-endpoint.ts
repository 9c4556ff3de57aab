import { Validations } from 'aws-cdk-lib';
import { LambdaIntegration, type Method } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import * as z from 'zod';
import { bodyModel } from './body-model.ts';
import type { ServiceApi, Throttle } from './service-api.ts';
import type { ServiceFunction } from './service-function.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RestEndpointProps {
  readonly api: ServiceApi;
  readonly method: HttpMethod;
  /** From the API's root, with parameters in braces: `/v1/jobs/{id}`. */
  readonly path: string;
  readonly handler: ServiceFunction;
  /**
   * The schema of a JSON body, an object. API Gateway refuses a body that is not JSON, lacks a property or has an unknown
   * one. What is wrong inside a property is left to the function: API Gateway would not say in which.
   * @default - any body
   */
  readonly body?: z.ZodObject;
  /**
   * Query parameters without which the request is refused.
   * @default - none
   */
  readonly requiredQuery?: readonly string[];
  /**
   * @default - that of the API
   */
  readonly throttle?: Throttle;
}

/** API Gateway gives up on an integration after 29 seconds ("Quotas for configuring and running a REST API"). */
const longestAnswerSeconds = 29;

/**
 * One method of a REST API, answered by a function.
 *
 * What it adds to `aws-apigateway.Method`, and why:
 * - a model made from the zod schema that the handler parses with: one source for both;
 * - a permission for this method and stage only;
 * - an early error when the function may take longer than API Gateway waits for it.
 *
 * @example
 * new RestEndpoint(this, 'RequestJob', { api, method: 'POST', path: '/v1/jobs', handler: requestJob, body: JobRequest });
 */
export class RestEndpoint extends Construct {
  readonly method: Method;

  constructor(scope: Construct, id: string, props: RestEndpointProps) {
    super(scope, id);
    const { api, handler, method, path, requiredQuery = [] } = props;
    if (!path.startsWith('/'))
      throw new Error(`${this.node.path}: path "${path}" does not start with a slash`);
    if (handler.timeout.toSeconds() > longestAnswerSeconds) {
      throw new Error(
        `${this.node.path}: ${handler.node.path} may take ${handler.timeout.toHumanString()}, API Gateway waits ${longestAnswerSeconds} seconds`,
      );
    }

    const integration = new LambdaIntegration(handler.function, { allowTestInvoke: false });
    this.method = api.restApi.root.resourceForPath(path).addMethod(method, integration, {
      requestValidator: api.validator,
      requestParameters: Object.fromEntries(
        requiredQuery.map((name) => [`method.request.querystring.${name}`, true]),
      ),
      ...(props.body && { requestModels: { 'application/json': bodyModel(this, api, outline(props.body)) } }),
    });
    if (props.throttle) api.throttle(method, path, props.throttle);
    Validations.of(this.method).acknowledge(...openToAll);
  }
}

/** The names of the properties and which of them are required, in the dialect of API Gateway's models. */
const outline = (body: z.ZodObject) => {
  const { $schema, type, required, additionalProperties, properties } = z.toJSONSchema(body, {
    target: 'draft-04',
    io: 'input',
  });
  const names = Object.keys(properties ?? {});
  return {
    $schema,
    type,
    ...(required && { required }),
    ...(additionalProperties === false && { additionalProperties }),
    properties: Object.fromEntries(names.map((name) => [name, {}])),
  };
};

const reason = 'The example is open: callers are told apart by a header, and throttled';
export const openToAll = [
  { id: 'AwsSolutions-APIG4', reason },
  { id: 'AwsSolutions-COG4', reason },
];
