import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Caller } from '../ports.ts';
import { acceptedNotEmulated, cfnBoolean, type ResourceContext, resourceType } from './resource-type.ts';

const markers = z.record(z.string(), z.string());
const properties = z.strictObject({
  ServiceToken: z.string(),
  SourceBucketNames: z.array(z.string()),
  SourceObjectKeys: z.array(z.string()),
  SourceMarkers: z.array(markers).default([]),
  SourceMarkersConfig: z.array(z.strictObject({ jsonEscape: cfnBoolean.default(false) })).default([]),
  DestinationBucketName: z.string(),
  DestinationBucketKeyPrefix: z.string().default(''),
  Prune: cfnBoolean.default(true),
  Extract: z.union([z.literal(true), z.literal('true')]).optional(),
  OutputObjectKeys: cfnBoolean.default(true),
  WaitForDistributionInvalidation: acceptedNotEmulated('there is no CloudFront on this machine'),
  RetainOnDelete: acceptedNotEmulated('stacks are not deleted on this machine'),
  DestinationBucketArn: z.string().optional(),
});
type Properties = z.output<typeof properties>;

/** The deployment acts for whoever deploys. */
const DEPLOYER: Caller = { kind: 'account' };

/**
 * `BucketDeployment` of the CDK, done natively: its own handler is a Python function with the AWS CLI.
 * Copies the files of its sources, with their deploy-time values filled in, and removes what else lies under the prefix.
 */
export const customCdkBucketDeployment = resourceType({
  type: 'Custom::CDKBucketDeployment',
  attributes: ['DestinationBucketArn', 'SourceObjectKeys'],
  properties,
  create: async (given, context) => {
    const { s3 } = context.cloud;
    const bucket = given.DestinationBucketName;
    const prefix = given.DestinationBucketKeyPrefix.replace(/^\/+|\/+$/g, '');
    const under = prefix === '' ? '' : `${prefix}/`;
    const written = new Set<string>();
    for (const { path, file, values } of sourceFiles(given, context)) {
      const key = under + path;
      await s3.put(bucket, key, filledIn(readFileSync(file), values), DEPLOYER, contentType(path));
      written.add(key);
    }
    if (given.Prune)
      for (const key of s3.keys(bucket, under)) if (!written.has(key)) await s3.delete(bucket, key, DEPLOYER);
    return {
      ref: context.name(),
      attributes: {
        DestinationBucketArn: `arn:aws:s3:::${bucket}`,
        SourceObjectKeys: given.OutputObjectKeys ? given.SourceObjectKeys : [],
      },
    };
  },
});

interface SourceFile {
  readonly path: string;
  readonly file: string;
  /** Marker and what the deployment puts in its place. */
  readonly values: readonly (readonly [marker: string, value: string])[];
}

const sourceFiles = (
  { SourceBucketNames, SourceObjectKeys, SourceMarkers, SourceMarkersConfig }: Properties,
  context: ResourceContext,
): SourceFile[] =>
  SourceObjectKeys.flatMap((key, at) => {
    const bucket = SourceBucketNames[at];
    if (bucket === undefined) throw new UserError(`there is no source bucket for ${key}`);
    const directory = context.asset(bucket, key);
    const escaped = SourceMarkersConfig[at]?.jsonEscape === true;
    const values = Object.entries(SourceMarkers[at] ?? {}).map(
      ([marker, value]) => [marker, escaped ? JSON.stringify(value).slice(1, -1) : value] as const,
    );
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = relative(directory, file).split(sep).join('/');
        return { path, file, values };
      });
  });

const filledIn = (content: Buffer, values: SourceFile['values']): Uint8Array => {
  if (values.length === 0) return content;
  const text = values.reduce(
    (filled, [marker, value]) => filled.replaceAll(marker, () => value),
    content.toString(),
  );
  return Buffer.from(text);
};

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.ico': 'image/vnd.microsoft.icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
};

/** By extension, as `aws s3 sync` does it. */
const contentType = (path: string): string =>
  contentTypes[extname(path).toLowerCase()] ?? 'binary/octet-stream';
