import { z } from 'zod';

const byName = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);

/** Loose: an attribute that is not named here (`UpdatePolicy`, say) is reported with all other problems, not alone. */
const resource = z.looseObject({
  Type: z.string(),
  Properties: byName(z.unknown()).default({}),
  DependsOn: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
  Metadata: z.unknown().optional(),
  CreationPolicy: z.unknown().optional(),
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
});

const parameter = z.looseObject({ Type: z.string(), Default: z.unknown().optional() });

const output = z.strictObject({
  Value: z.unknown(),
  Description: z.unknown().optional(),
  Condition: z.string().optional(),
  Export: z.strictObject({ Name: z.unknown() }).optional(),
});

/** A CloudFormation template ("Template sections" in the CloudFormation User Guide), its intrinsics still in place. */
export const Template = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  /** The bootstrap version check of the CDK: there is nothing here that could be too old. */
  Rules: z.unknown().optional(),
  Transform: z.union([z.string().transform((name) => [name]), z.array(z.string())]).default([]),
  Parameters: byName(parameter).default({}),
  Mappings: byName(byName(byName(z.unknown()))).default({}),
  Conditions: byName(z.unknown()).default({}),
  Resources: byName(resource).default({}),
  Outputs: byName(output).default({}),
});

export type Template = z.output<typeof Template>;
export type TemplateResource = z.output<typeof resource>;

/** The attributes of a resource beside `Properties` that this cloud understands or may ignore without harm. */
export const RESOURCE_ATTRIBUTES: ReadonlySet<string> = new Set(Object.keys(resource.shape));

/** What is wrong in a template, in words that follow `Stack.LogicalId (Type): `. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
