import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import { acceptedNotEmulated, cfnNumber, resourceType } from './resource-type.ts';

const isRegExp = (pattern: string): boolean => {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
};

/** `AWS::ApiGateway::Authorizer` on a function; user pools are not supported. */
export const apiGatewayAuthorizer = resourceType({
  type: 'AWS::ApiGateway::Authorizer',
  attributes: ['AuthorizerId'],
  properties: z.strictObject({
    RestApiId: z.string(),
    Name: z.string(),
    Type: z.enum(['TOKEN', 'REQUEST']),
    AuthorizerUri: z
      .string()
      .regex(/:lambda:path\/2015-03-31\/functions\/.+\/invocations$/s, 'Not a function'),
    AuthorizerCredentials: z.string().optional(),
    IdentitySource: z.string().default(''),
    IdentityValidationExpression: z.string().refine(isRegExp, 'Not a regular expression').optional(),
    AuthorizerResultTtlInSeconds: cfnNumber.pipe(z.number().int().min(0).max(3600)).default(300),
    AuthType: acceptedNotEmulated('a note for OpenAPI documents'),
  }),
  create: async (properties, { cloud, stack, logicalId }) => {
    const id = stableId(6, stack, logicalId);
    cloud.apiGateway.definitions.api(properties.RestApiId).authorizers.set(id, {
      id,
      name: properties.Name,
      type: properties.Type,
      uri: properties.AuthorizerUri,
      ...(properties.AuthorizerCredentials !== undefined && {
        credentials: properties.AuthorizerCredentials,
      }),
      identitySources: properties.IdentitySource.split(',')
        .map((source) => source.trim())
        .filter((source) => source !== ''),
      ...(properties.IdentityValidationExpression !== undefined && {
        validation: properties.IdentityValidationExpression,
      }),
      cacheSeconds: properties.AuthorizerResultTtlInSeconds,
    });
    return { ref: id, attributes: { AuthorizerId: id } };
  },
});
