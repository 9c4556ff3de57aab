import type {
  ApiKey,
  ApiResource,
  Authorizer,
  GatewayResponse,
  Method,
  Model,
  RequestValidator,
  RestApi,
  Stage,
  UsagePlan,
} from './model.ts';
import { type Route, Router } from './router.ts';

/** One REST API with all that belongs to it. */
export class ApiDefinition {
  readonly api: RestApi;
  readonly #resources = new Map<string, ApiResource>();
  /** By resource id, then by HTTP method. */
  readonly #methods = new Map<string, Map<string, Method>>();
  #router: Router | undefined;
  readonly stages = new Map<string, Stage>();
  readonly models = new Map<string, Model>();
  readonly validators = new Map<string, RequestValidator>();
  readonly gatewayResponses = new Map<string, GatewayResponse>();
  readonly authorizers = new Map<string, Authorizer>();

  constructor(api: RestApi) {
    this.api = api;
  }

  putResource(resource: ApiResource): void {
    this.#resources.set(resource.id, resource);
    this.#router = undefined;
  }

  putMethod(method: Method): void {
    const methods = this.#methods.get(method.resourceId) ?? new Map<string, Method>();
    methods.set(method.httpMethod, method);
    this.#methods.set(method.resourceId, methods);
    this.#router = undefined;
  }

  route(httpMethod: string, path: string): Route | undefined {
    this.#router ??= new Router(this.api.rootResourceId, this.#resources.values(), this.#methods);
    return this.#router.find(httpMethod, path);
  }
}

/** Everything that the templates say about REST APIs. A stage serves its API as it is now: every start deploys anew. */
export class Definitions {
  readonly apis = new Map<string, ApiDefinition>();
  readonly apiKeys = new Map<string, ApiKey>();
  readonly usagePlans = new Map<string, UsagePlan>();
  /** Ids of the API keys of a usage plan. */
  readonly planKeys = new Map<string, Set<string>>();

  putApi(api: RestApi): void {
    this.apis.set(api.id, new ApiDefinition(api));
  }

  /** Throws for an id that no template defines. */
  api(id: string): ApiDefinition {
    const definition = this.apis.get(id);
    if (!definition) throw new Error(`There is no REST API ${id}`);
    return definition;
  }

  putPlanKey(usagePlanId: string, apiKeyId: string): void {
    const keys = this.planKeys.get(usagePlanId) ?? new Set<string>();
    keys.add(apiKeyId);
    this.planKeys.set(usagePlanId, keys);
  }
}
