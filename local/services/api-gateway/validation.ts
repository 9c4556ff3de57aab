import type { ValidateFunction } from 'ajv';
import ajvDraft04 from 'ajv-draft-04';
import type { ApiDefinition } from './definitions.ts';
import type { Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { jsonBody } from './mapping-values.ts';
import { mediaTypeOf } from './media-types.ts';
import { validationWords } from './validation-words.ts';

const present = ({ request, route }: Routed, place: string): boolean => {
  const [kind, ...rest] = place.split('.');
  const name = rest.join('.');
  if (kind === 'header') return (request.headers.get(name) ?? '') !== '';
  if (kind === 'querystring') return (request.query.get(name)?.at(-1) ?? '') !== '';
  return (route.pathParameters[name] ?? '') !== '';
};

/** As AWS lists them: header fields, then the path, then the query (recorded on AWS). */
const order = ['header', 'path', 'querystring'];

const requireParameters = (exchange: Routed): void => {
  const missing = Object.entries(exchange.route.method.requestParameters)
    .filter(([, required]) => required)
    .map(([name]) => name.replace('method.request.', ''))
    .filter((place) => !present(exchange, place))
    .sort((a, b) => order.indexOf(a.split('.')[0] ?? '') - order.indexOf(b.split('.')[0] ?? ''))
    .map((place) => place.slice(place.indexOf('.') + 1));
  if (missing.length > 0)
    throw new GatewayError('BAD_REQUEST_PARAMETERS', {
      message: `Missing required request parameters: [${missing.join(', ')}]`,
    });
};

/** `$ref` to a model of the API, by the URL that API Gateway gives it. */
const modelUrl = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(.+)$/;

const validators = new WeakMap<ApiDefinition, Map<string, ValidateFunction>>();

const validatorFor = (definition: ApiDefinition, model: string): ValidateFunction | undefined => {
  const known = validators.get(definition) ?? new Map<string, ValidateFunction>();
  validators.set(definition, known);
  const found = known.get(model);
  if (found) return found;
  const schema = definition.models.get(model)?.schema;
  if (typeof schema !== 'object' || schema === null) return undefined;

  const ajv = new ajvDraft04.default({ strict: false, allErrors: true, verbose: true, logger: false });
  for (const { name, schema } of definition.models.values())
    if (typeof schema === 'object' && schema !== null)
      ajv.addSchema({ ...localReferences(schema), id: `model:${name}` }, `model:${name}`);
  const compiled = ajv.compile({ $ref: `model:${model}` });
  known.set(model, compiled);
  return compiled;
};

/** Why a schema cannot be a model: it is held against JSON Schema draft-04 itself. Nothing when it can. */
export const modelFault = (schema: Readonly<Record<string, unknown>>): string | undefined => {
  const ajv = new ajvDraft04.default({ strict: false, logger: false });
  try {
    return ajv.validateSchema(schema) ? undefined : `no schema of draft-04: ${ajv.errorsText(ajv.errors)}`;
  } catch (error) {
    return `no schema of draft-04: ${error instanceof Error ? error.message : String(error)}`;
  }
};

const localReferences = (schema: object): object => {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    const name = key === '$ref' && typeof value === 'string' ? modelUrl.exec(value)?.[1] : undefined;
    return name === undefined ? value : `model:${name}`;
  });
  const copy: unknown = JSON.parse(text);
  return typeof copy === 'object' && copy !== null ? copy : {};
};

/** The body against the model of its content type; without one for it there is nothing to compare with. */
const requireBody = ({ definition, request, route }: Routed): void => {
  const models = route.method.requestModels;
  const model = models[mediaTypeOf(request.headers.get('content-type'))] ?? models.$default;
  const validate = model === undefined ? undefined : validatorFor(definition, model);
  if (!validate) return;
  const value = jsonBody(request.body);
  if (value === undefined) throw new GatewayError('BAD_REQUEST_BODY', { validation: '[not JSON]' });
  if (validate(value)) return;
  const problems = validationWords(validate.errors ?? []);
  throw new GatewayError('BAD_REQUEST_BODY', { validation: `[${problems.join(', ')}]` });
};

/** "Request validation for REST APIs in API Gateway": parameters first, then the body. */
export const validateRequest = (exchange: Routed): void => {
  const { validatorId } = exchange.route.method;
  const validator = validatorId === undefined ? undefined : exchange.definition.validators.get(validatorId);
  if (validator?.parameters) requireParameters(exchange);
  if (validator?.body) requireBody(exchange);
};
