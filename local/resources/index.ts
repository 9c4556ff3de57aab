import { cdkMetadata } from './cdk-metadata.ts';
import type { ResourceType } from './resource-type.ts';

/** Every CloudFormation type that this cloud knows. What is not here stops a deployment before it begins. */
const resourceTypes: readonly ResourceType[] = [cdkMetadata];

const byName = new Map(resourceTypes.map((type) => [type.type, type]));

export const findType = (type: string): ResourceType | undefined => byName.get(type);
