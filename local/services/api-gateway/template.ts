import { Compile, parse } from 'velocityjs';
import { methodHandlers, velocityText } from './template-values.ts';

type Node = ReturnType<typeof parse>[number];

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** What is not there equals an empty text; a list or map equals only itself (recorded on AWS, "input path template formatting"). */
const areEqual = (one: unknown, other: unknown): boolean => {
  if (isNothing(one) || isNothing(other)) return isNothing(one) && isNothing(other);
  if (typeof one === 'object' || typeof other === 'object') return one === other;
  return String(one) === String(other);
};

/** Velocity as API Gateway prints it: nothing for what is not there, JSON for lists. */
class Rendering extends Compile {
  protected override getReferences(ast: Node, isPrinted?: boolean): string {
    // The library's type says text; it is whatever the reference stands for.
    const value = super.getReferences(ast, isPrinted);
    return isPrinted ? velocityText(value) : value;
  }

  protected override getExpression(ast: Node): string {
    if (!('operator' in ast) || !('expression' in ast)) return super.getExpression(ast);
    if (ast.operator !== '==' && ast.operator !== '!=') return super.getExpression(ast);
    const [one, other] = ast.expression.map((side) => this.getExpression(side));
    const isTrue = areEqual(one, other) === (ast.operator === '==');
    return super.getExpression({ type: 'bool', value: isTrue ? 'true' : 'false' });
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

/** Why a template cannot be read, or nothing when it can: `$in`, say, is a word of the language to this engine. */
export const templateFault = (template: string): string | undefined => {
  try {
    parse(template);
    return undefined;
  } catch (error) {
    return `not understood as a mapping template: ${String(error)
      .replace(/^Error: /, '')
      .replaceAll(/\s+/g, ' ')}`;
  }
};

/** Renders a mapping template. `variables` are its roots (`input`, `util` ...); what it sets under them stays set. */
export const renderTemplate = (template: string, variables: Readonly<Record<string, unknown>>): string =>
  new Rendering(nodesOf(template), { customMethodHandlers: methodHandlers }).render(
    { ...variables },
    {},
    true,
  );
