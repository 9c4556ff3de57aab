import type { ApiResource, Method } from './model.ts';

export interface Route {
  readonly resourceId: string;
  /** `/jobs/{id}` */
  readonly resourcePath: string;
  readonly method: Method;
  /** Still percent-encoded, as API Gateway hands them on. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Node {
  readonly resourceId: string;
  readonly path: string;
  readonly literals: Map<string, Node>;
  variable?: { readonly name: string; readonly node: Node };
  greedy?: { readonly name: string; readonly node: Node };
}

const node = (resourceId: string, path: string): Node => ({ resourceId, path, literals: new Map() });

/**
 * Finds the method for a path: a literal part before `{variable}` before `{proxy+}`. A resource without the method
 * that is asked for does not end the search: a greedy resource beside it may have it (recorded on AWS, proxy routing).
 */
export class Router {
  readonly #root: Node;
  readonly #methods: ReadonlyMap<string, ReadonlyMap<string, Method>>;

  constructor(
    rootId: string,
    resources: Iterable<ApiResource>,
    methods: ReadonlyMap<string, ReadonlyMap<string, Method>>,
  ) {
    this.#methods = methods;
    this.#root = node(rootId, '/');
    const children = Map.groupBy(resources, ({ parentId }) => parentId);
    grow(this.#root, children);
  }

  /** @param path below the stage, with its first slash; one at its end means nothing. */
  find(httpMethod: string, path: string): Route | undefined {
    const bare = path.replace(/^\/|\/$/g, '');
    const parts = bare === '' ? [] : bare.split('/');
    return this.#search(this.#root, parts, 0, httpMethod, {});
  }

  #search(
    at: Node,
    parts: readonly string[],
    index: number,
    httpMethod: string,
    found: Readonly<Record<string, string>>,
  ): Route | undefined {
    const part = parts[index];
    if (part === undefined) return this.#end(at, httpMethod, found);

    const literal = at.literals.get(part);
    const byLiteral = literal && this.#search(literal, parts, index + 1, httpMethod, found);
    if (byLiteral) return byLiteral;

    if (at.variable && part !== '') {
      const { name, node } = at.variable;
      const byVariable = this.#search(node, parts, index + 1, httpMethod, { ...found, [name]: part });
      if (byVariable) return byVariable;
    }
    if (!at.greedy) return undefined;
    const rest = parts.slice(index).join('/');
    return this.#end(at.greedy.node, httpMethod, { ...found, [at.greedy.name]: rest });
  }

  #end(
    { resourceId, path }: Node,
    httpMethod: string,
    pathParameters: Readonly<Record<string, string>>,
  ): Route | undefined {
    const methods = this.#methods.get(resourceId);
    const method = methods?.get(httpMethod) ?? methods?.get('ANY');
    return method && { resourceId, resourcePath: path, method, pathParameters };
  }
}

const grow = (parent: Node, children: ReadonlyMap<string, readonly ApiResource[]>): void => {
  for (const { id, pathPart } of children.get(parent.resourceId) ?? []) {
    const child = node(id, `${parent.path === '/' ? '' : parent.path}/${pathPart}`);
    const name = /^\{(.+?)\+?\}$/.exec(pathPart)?.[1];
    if (name === undefined) parent.literals.set(pathPart, child);
    else if (pathPart.endsWith('+}')) parent.greedy = { name, node: child };
    else parent.variable = { name, node: child };
    grow(child, children);
  }
};
