import { CONTROL_PLANE } from '../out-of-scope.ts';
import { pythonJson, type Replay, type Scripts } from '../replay.ts';
import { ApiSteps } from '../wire/api.ts';
import { LambdaSteps } from '../wire/lambda.ts';
import { ANSWERS_EVENT } from './api-gateway-functions.ts';

const JSON_TYPE = 'application/json';
const number = { type: 'number' };

const NUMBERS = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  title: 'testSchema',
  type: 'object',
  properties: { a: number, b: number },
  required: ['a', 'b'],
};

const posted = (body?: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  headers: { ...(body !== undefined && { 'Content-Type': JSON_TYPE }), ...headers },
  ...(body !== undefined && { body: pythonJson(body) }),
});

const json = ({ text }: { readonly text: string }): unknown => JSON.parse(text);

/** An API that answers `{"data": "ok"}` to what the last of its models lets through. */
const validating = (
  replay: Replay,
  models: (ref: (model: string) => object) => Readonly<Record<string, object>>,
) => {
  const api = new ApiSteps(replay, 'local');
  const ref = (model: string) => ({
    $ref: `https://apigateway.amazonaws.com/restapis/${api.id}/models/${model}`,
  });
  const schemas = Object.entries(models(ref));
  for (const [name, schema] of schemas) api.api.models.set(name, { name, schema });
  api.api.validators.set('validator', { id: 'validator', body: true, parameters: true });
  api.method(
    'POST /path',
    { type: 'MOCK', requestTemplates: { [JSON_TYPE]: '{"statusCode": 200}' } },
    [{ templates: { [JSON_TYPE]: '{"data": "ok"}' } }],
    { validatorId: 'validator', requestModels: { [JSON_TYPE]: schemas.at(-1)?.[0] ?? '' } },
  );
  replay.leave(CONTROL_PLANE, 'get-models-with-ref');
  return async (body?: unknown) => json(await api.send('/path', posted(body)));
};

/** What a validator lets through, and how it refuses the rest. */
export const requestValidation: Scripts = {
  test_api_gateway_request_validator: async (replay) => {
    const api = new ApiSteps(replay, 'local');
    const name = await new LambdaSteps(replay).function(ANSWERS_EVENT);
    const { region, account } = replay.cloud;
    replay.note('register-lambda', {
      fn_name: name,
      fn_arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
    });
    api.api.models.set('testSchema', { name: 'testSchema', schema: NUMBERS });
    const validate = (on: boolean) =>
      api.api.validators.set('validator', { id: 'validator', body: on, parameters: on });
    const define = (method: string, pathParameter: string) =>
      api.method(
        `${method} /nested/{test}`,
        { type: 'AWS_PROXY', uri: api.functionUri(name), credentials: api.roleArn },
        [{}],
        {
          validatorId: 'validator',
          requestModels: { [JSON_TYPE]: 'testSchema' },
          requestParameters: {
            [`method.request.path.${pathParameter}`]: true,
            'method.request.querystring.qs1': true,
            'method.request.header.x-header-param': true,
          },
        },
      );
    const ask = async (query: string, init: object, expected: number) => {
      const reply = await api.send(`/nested/value${query}`, init);
      if (reply.status !== expected) throw new Error(`${expected} was expected: ${reply.text}`);
      return json(reply);
    };
    const headers = { 'x-header-param': 'test' };
    validate(true);
    define('GET', 'test');
    define('POST', 'test');
    await ask('?qs1=test', posted({ a: 1, b: 2 }, headers), 200);
    await ask('?qs1=test', { headers }, 400);
    define('POST', 'issuer');
    replay.note('missing-all-required-request-params-post', await ask('', posted({ test: 'test' }), 400));
    replay.note('missing-required-headers-request-params-get', await ask('?qs1=test', {}, 400));
    replay.note('missing-required-qs-request-params-get', await ask('', { headers }, 400));
    define('POST', 'test');
    replay.note('invalid-request-body', await ask('?qs1=test', posted({ test: 'test' }, headers), 400));
    validate(false);
    await ask('', posted({ test: 'test' }), 200);
    await ask('', {}, 200);
    const changes = ['change-request-path-names', 'revert-request-path-names', 'disable-request-validator'];
    replay.leave(CONTROL_PLANE, 'deploy-1', ...changes);
  },
  test_api_gateway_request_validator_with_ref_models: async (replay) => {
    const ask = validating(replay, (ref) => ({
      testSchema: NUMBERS,
      testSchemaList: { type: 'array', items: ref('testSchema') },
    }));
    replay.note('successful', await ask([{ a: 1, b: 2 }]));
    replay.note('failed-validation', await ask());
  },
  test_api_gateway_request_validator_with_ref_one_ofmodels: async (replay) => {
    const ask = validating(replay, (ref) => ({
      StatusModel: {
        type: 'object',
        properties: { Status: { type: 'string' }, Order: { type: 'integer' } },
        required: ['Status', 'Order'],
      },
      TestModel: {
        type: 'object',
        properties: { status: { oneOf: [{ type: 'null' }, ref('StatusModel')] } },
        required: ['status'],
      },
    }));
    replay.note('successful', await ask({ status: null }));
    replay.note('successful-with-data', await ask({ status: { Status: 'works', Order: 1 } }));
    replay.note('failed-validation-no-data', await ask());
    replay.note('failed-validation-bad-data', await ask({ badFormat: 'bla' }));
  },
};
