import { Compile, parse } from 'velocityjs';
import { methodHandlers, velocityText } from './template-values.ts';

type Node = ReturnType<typeof parse>[number];

/** Velocity as API Gateway prints it: nothing for what is not there, JSON for lists. */
class Rendering extends Compile {
  protected override getReferences(ast: Node, isPrinted?: boolean): string {
    // The library's type says text; it is whatever the reference stands for.
    const value = super.getReferences(ast, isPrinted);
    return isPrinted ? velocityText(value) : value;
  }
}

const parsed = new Map<string, Node[]>();

const nodesOf = (template: string): Node[] => {
  let nodes = parsed.get(template);
  if (!nodes) {
    nodes = parse(template);
    parsed.set(template, nodes);
  }
  return nodes;
};

/** Renders a mapping template. `variables` are its roots (`input`, `util` ...); what it sets under them stays set. */
export const renderTemplate = (template: string, variables: Readonly<Record<string, unknown>>): string =>
  new Rendering(nodesOf(template), { customMethodHandlers: methodHandlers }).render(
    { ...variables },
    {},
    true,
  );
