/**
 * The parameters of an AWS query request as a tree: `Tags.member.2.Key=a` is found at Tags, member, 2, Key.
 * Names come from outside, so they are kept in maps and never become properties.
 */
export class Query {
  readonly text: string | undefined;
  readonly #fields: ReadonlyMap<string, Query>;

  private constructor(text: string | undefined, fields: ReadonlyMap<string, Query>) {
    this.text = text;
    this.#fields = fields;
  }

  static parse(parameters: URLSearchParams): Query {
    return Query.#group([...parameters].map(([name, value]) => ({ path: name.split('.'), value })));
  }

  static #group(entries: readonly { path: readonly string[]; value: string }[]): Query {
    const byHead = Map.groupBy(
      entries.filter(({ path }) => path.length > 0),
      ({ path }) => path[0] ?? '',
    );
    const fields = [...byHead].map(([head, group]): [string, Query] => [
      head,
      Query.#group(group.map(({ path, value }) => ({ path: path.slice(1), value }))),
    ]);
    return new Query(entries.find(({ path }) => path.length === 0)?.value, new Map(fields));
  }

  /** The text of a parameter, if it was sent. */
  get(name: string): string | undefined {
    return this.#fields.get(name)?.text;
  }

  /** The members of `name.member.N`, in the order of N. */
  list(name: string): readonly Query[] {
    return this.#numbered(name, 'member');
  }

  /** The entries of `name.entry.N`, in the order of N; AWS calls the parts `key` and `value`, or `Name` and `Value`. */
  entries(name: string): readonly { readonly key: string; readonly value: Query }[] {
    return this.#numbered(name, 'entry').map((entry) => ({
      key: entry.get('key') ?? entry.get('Name') ?? '',
      value: entry.#fields.get('value') ?? entry.#field('Value'),
    }));
  }

  /** A map of texts. */
  texts(name: string): Record<string, string> {
    return Object.fromEntries(this.entries(name).map(({ key, value }) => [key, value.text ?? '']));
  }

  #field(name: string): Query {
    return this.#fields.get(name) ?? new Query(undefined, new Map());
  }

  #numbered(name: string, label: string): readonly Query[] {
    const numbered = this.#field(name).#field(label).#fields;
    return [...numbered].sort(([a], [b]) => Number(a) - Number(b)).map(([, member]) => member);
  }
}
