import { z } from 'zod';
import type { Json } from './engine.ts';

/** `arn:aws:dynamodb:us-east-1:000000000000:table/Jobs` where DynamoDB also takes the name alone. */
export const tableName = (nameOrArn: string): string =>
  nameOrArn.replace(/^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\//, '');

const single = z.object({ TableName: z.string(), IndexName: z.string().optional() });
const batch = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const tagged = z.object({ ResourceArn: z.string() });

/**
 * The resources that an operation is authorized on: a query of an index on the index
 * (Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB").
 */
export const resourcesOf = (input: Json, tableArn: (table: string) => string): string[] => {
  const one = single.safeParse(input);
  if (one.success) {
    const arn = tableArn(tableName(one.data.TableName));
    return [one.data.IndexName === undefined ? arn : `${arn}/index/${one.data.IndexName}`];
  }
  const many = batch.safeParse(input);
  if (many.success) return Object.keys(many.data.RequestItems).map((name) => tableArn(tableName(name)));
  const resource = tagged.safeParse(input);
  return resource.success ? [resource.data.ResourceArn] : ['*'];
};
