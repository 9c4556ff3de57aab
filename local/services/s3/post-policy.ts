import { z } from 'zod';
import { accessDenied, S3Error } from './errors.ts';

/** The fields of a form by their names in lower case; `bucket` among them. */
export type Fields = ReadonlyMap<string, string>;

export interface Sizes {
  readonly min: number;
  readonly max: number;
}

const size = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);
const range = z.tuple([z.string().regex(/^content-length-range$/i), size, size]);
const match = z.tuple([z.string().regex(/^(eq|starts-with)$/i), z.string().startsWith('$'), z.string()]);
const exact = z.record(z.string(), z.string());

const policyDocument = z.object({
  expiration: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  conditions: z.array(z.union([range, match, exact])),
});

/** What a form may carry without a condition in its policy. */
const exempt = /^(x-amz-signature|awsaccesskeyid|signature|policy|file|x-ignore-.*)$/;

const parse = (policy: string): z.output<typeof policyDocument> => {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(policy, 'base64').toString('utf8'));
  } catch {
    throw new S3Error('InvalidPolicyDocument', 'Invalid Policy: Invalid JSON.', 400);
  }
  const result = policyDocument.safeParse(content);
  if (!result.success)
    throw new S3Error('InvalidPolicyDocument', `Invalid Policy: ${z.prettifyError(result.error)}`, 400);
  return result.data;
};

const failed = (condition: unknown): S3Error =>
  accessDenied(`Invalid according to Policy: Policy Condition failed: ${JSON.stringify(condition)}`);

/**
 * Holds a form against its policy (Amazon S3 API Reference, "Creating a POST policy"): not expired, every condition
 * met, no field without a condition.
 * @returns the bounds of the file, when the policy sets them.
 * @throws AccessDenied, InvalidPolicyDocument
 */
export const checkPolicy = (policy: string, fields: Fields, nowMs: number): Sizes | undefined => {
  const { expiration, conditions } = parse(policy);
  if (nowMs > expiration) throw accessDenied('Invalid according to Policy: Policy expired.');

  const covered = new Set<string>(['bucket']);
  let sizes: Sizes | undefined;
  for (const condition of conditions) {
    if (!Array.isArray(condition)) {
      for (const [name, value] of Object.entries(condition)) {
        covered.add(name.toLowerCase());
        if (fields.get(name.toLowerCase()) !== value) throw failed(['eq', `$${name}`, value]);
      }
    } else if (typeof condition[1] === 'number') {
      sizes = { min: condition[1], max: Number(condition[2]) };
    } else {
      const [operator, field, value] = condition;
      const name = field.slice(1).toLowerCase();
      covered.add(name);
      const actual = fields.get(name) ?? '';
      const met = operator.toLowerCase() === 'eq' ? actual === value : actual.startsWith(String(value));
      if (!met) throw failed(condition);
    }
  }
  const extra = [...fields.keys()].filter((name) => !covered.has(name) && !exempt.test(name));
  if (extra.length > 0)
    throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra.join(', ')}`);
  return sizes;
};
