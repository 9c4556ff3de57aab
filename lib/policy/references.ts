import { CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as z from 'zod';

const Intrinsic = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((value) => value['Fn::GetAtt'][0]),
]);

/**
 * The resource that a property of `node` refers to by its ARN, name or URL, in whichever stack that is.
 * `undefined` when the value is a literal: what it names is then not known here.
 */
export const referencedBy = (node: CfnResource, value: unknown): CfnResource | undefined => {
  if (typeof value === 'string' && Token.isUnresolved(value)) {
    for (const token of Tokenization.reverseString(value).tokens) {
      if (Reference.isReference(token) && CfnResource.isCfnResource(token.target)) return token.target;
    }
  }
  const intrinsic = Intrinsic.safeParse(resolved(node, value));
  return intrinsic.success ? inStackOf(node, intrinsic.data) : undefined;
};

/** A property with its tokens replaced, as it stands in the template. */
export const resolved = (node: CfnResource, value: unknown): unknown => {
  const plain: unknown = Stack.of(node).resolve(value);
  return plain;
};

/** A number, or what CloudFormation assumes when it is left out. `undefined` for one known at deployment only. */
export const numberOr = (node: CfnResource, value: unknown, fallback: number): number | undefined => {
  const plain = resolved(node, value);
  if (plain === undefined) return fallback;
  return typeof plain === 'number' ? plain : undefined;
};

/** All resources of the app that `node` is in. */
export const resourcesBeside = (node: CfnResource): readonly CfnResource[] =>
  node.node.root.node.findAll().filter(CfnResource.isCfnResource);

const inStackOf = (node: CfnResource, logicalId: string): CfnResource | undefined => {
  const stack = Stack.of(node);
  return stack.node
    .findAll()
    .filter(CfnResource.isCfnResource)
    .find((other) => Stack.of(other) === stack && stack.getLogicalId(other) === logicalId);
};
