import { unemulatedProperties } from './assembly/unemulated.ts';
import type { Limit, ResourceType } from './resources/resource-type.ts';

export interface FidelityReport {
  /** How many resources of each type run here. */
  readonly emulated: Readonly<Record<string, number>>;
  /** What the templates ask for and this cloud only accepts; without a property it is the whole type. */
  readonly notEmulated: readonly {
    readonly type: string;
    readonly property?: string;
    readonly reason: string;
    readonly count: number;
  }[];
}

/** Keeps account of what a deployment does as AWS would, and of what it only accepts. */
export class Fidelity {
  readonly #emulated = new Map<string, number>();
  readonly #notEmulated = new Map<string, FidelityReport['notEmulated'][number]>();

  /** @param written the properties as the template has them; `parsed` is what the type's schema made of them. */
  add(name: string, type: ResourceType, written: unknown, parsed: unknown): void {
    const limits = [...unemulatedProperties(type.properties, written), ...(type.limits?.(parsed) ?? [])];
    for (const limit of limits) this.#limit(name, limit);
    if (limits.every(({ property }) => property !== undefined))
      this.#emulated.set(name, (this.#emulated.get(name) ?? 0) + 1);
  }

  report(): FidelityReport {
    const byType = <Entry extends { readonly type: string; readonly property?: string }>(
      a: Entry,
      b: Entry,
    ) => a.type.localeCompare(b.type) || (a.property ?? '').localeCompare(b.property ?? '');
    return {
      emulated: Object.fromEntries([...this.#emulated].sort(([a], [b]) => a.localeCompare(b))),
      notEmulated: [...this.#notEmulated.values()].sort(byType),
    };
  }

  #limit(type: string, { property, reason }: Limit): void {
    const key = JSON.stringify([type, property, reason]);
    const count = (this.#notEmulated.get(key)?.count ?? 0) + 1;
    this.#notEmulated.set(key, { type, ...(property === undefined ? {} : { property }), reason, count });
  }
}

/** The report as people read it: what runs, then what is only accepted, and why. */
export const formatFidelity = ({ emulated, notEmulated }: FidelityReport): string => {
  const total = Object.values(emulated).reduce((sum, count) => sum + count, 0);
  const runs = table(Object.entries(emulated).map(([type, count]) => [type, String(count)]));
  const lines = [`Emulated: ${total} resources of ${runs.length} types`, ...runs];
  const accepted = table(together(notEmulated));
  if (accepted.length > 0) lines.push('Accepted, not emulated:', ...accepted);
  return lines.join('\n');
};

/** One row for what is accepted for the same reason in several types: tags, say. */
const together = (limits: FidelityReport['notEmulated']): string[][] => {
  const groups = Map.groupBy(limits, ({ property, reason }) => JSON.stringify([property, reason]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { type, property = '', reason } = first;
    const where = group.length > 1 ? `${property} (${group.length} types)` : `${type} ${property}`.trimEnd();
    return [[where, String(group.reduce((sum, { count }) => sum + count, 0)), reason]];
  });
};

const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
};
