import { UserError } from '../errors.ts';

/**
 * Everything after what it depends on; otherwise in the given order.
 * Throws UserError that names the way round when there is none: `A -> B -> A`.
 */
export const dependencyOrder = (
  dependencies: ReadonlyMap<string, Iterable<string>>,
  what: string,
): string[] => {
  const ordered = new Set<string>();
  const visit = (id: string, way: readonly string[]): void => {
    if (ordered.has(id)) return;
    const seen = way.indexOf(id);
    if (seen >= 0)
      throw new UserError(`${what} depend on each other: ${[...way.slice(seen), id].join(' -> ')}`);
    for (const dependency of dependencies.get(id) ?? []) {
      if (dependencies.has(dependency)) visit(dependency, [...way, id]);
    }
    ordered.add(id);
  };
  for (const id of dependencies.keys()) visit(id, []);
  return [...ordered];
};
