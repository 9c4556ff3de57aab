import { z } from 'zod';
import type { Cloud } from '../cloud.ts';

/** What a resource type gets to create one resource. */
export interface ResourceContext {
  readonly cloud: Cloud;
  readonly stack: string;
  readonly logicalId: string;
  /** As the template names it: one implementation may serve many (`Custom::*`). */
  readonly type?: string;
  /** `Stack/Construct/Path` from the template's metadata, for messages to people. */
  readonly path: string;
  /** A stable generated name: the same template gives the same name on every start. */
  name(options?: {
    readonly maxLength?: number;
    readonly lowercase?: boolean;
    readonly suffix?: string;
  }): string;
  /** The directory or file on this machine of an asset that the template refers to by bucket and key. */
  asset(bucket: string, key: string): string;
}

export interface Created<Name extends string = string> {
  /** What `Ref` answers. */
  readonly ref: string;
  /** What `Fn::GetAtt` answers, by attribute name. */
  readonly attributes?: Readonly<Record<Name, unknown>>;
}

/**
 * One CloudFormation resource type: properties in, `Ref` and attributes out.
 * `properties` is strict: what it does not name stops the start, with logical id, type and property.
 * `create` is called at every start, also on a store that already has the resource: it makes sure, and keeps what is there.
 */
export interface ResourceType<Schema extends z.ZodType = z.ZodType, Name extends string = string> {
  readonly type: string;
  /** What `Fn::GetAtt` may ask for; `any` when only the resource itself knows. */
  readonly attributes: readonly Name[] | 'any';
  readonly properties: Schema;
  create(properties: z.output<Schema>, context: ResourceContext): Promise<Created<NoInfer<Name>>>;
  /**
   * Why such a resource is refused although its schema takes it, in words that follow its name.
   * Called before anything exists: `properties` are as the template has them, and may not be known in part.
   */
  problems?(properties: Readonly<Record<string, unknown>>, logicalId: string): readonly string[];
  /** What the fidelity report must say of such a resource beyond what its schema says by `acceptedNotEmulated`. */
  limits?(properties: z.output<Schema>): readonly Limit[];
}

/** Something that is accepted and has no effect: of one property, or of the whole type. */
export interface Limit {
  readonly property?: string;
  readonly reason: string;
}

/** Keeps the schema's type between `properties` and `create`, and the names of the attributes. */
export const resourceType = <Schema extends z.ZodType, const Name extends string = string>(
  definition: ResourceType<Schema, Name>,
): ResourceType<Schema, Name> => definition;

/** A property that is taken but has no effect here; the fidelity report prints the reason. */
export const acceptedNotEmulated = (reason: string) => z.unknown().optional().meta({ notEmulated: reason });

/** CloudFormation gives numbers and booleans also as strings. */
export const cfnNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);
/** A whole number between two others, both included. */
export const cfnInteger = (least: number, most: number) =>
  cfnNumber.pipe(z.number().int().min(least).max(most));
export const cfnBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
]);
export const cfnTags = acceptedNotEmulated('tags have no effect on this machine');
