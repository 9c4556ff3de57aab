import { CfnModel, type IModel, Model } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { ServiceApi } from './service-api.ts';

/** A model that API Gateway holds a JSON body against. It is a resource of its own; a change of it has to make a new deployment. */
export const bodyModel = (scope: Construct, { restApi }: ServiceApi, schema: object): IModel => {
  const model = new CfnModel(scope, 'Body', {
    restApiId: restApi.restApiId,
    contentType: 'application/json',
    schema,
  });
  restApi.latestDeployment?.node.addDependency(model);
  restApi.latestDeployment?.addToLogicalId({ model: schema });
  return Model.fromModelName(scope, 'BodyModel', model.ref);
};
