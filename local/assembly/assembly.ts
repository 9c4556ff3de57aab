import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { Template } from './template.ts';

/** A file or directory that a template refers to by bucket and key; both may still hold `${AWS::...}`. */
export interface Asset {
  readonly bucket: string;
  readonly key: string;
  readonly file: string;
}

export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Names of the stacks that must exist first. */
  readonly dependencies: readonly string[];
  /** Construct path by logical id. */
  readonly paths: ReadonlyMap<string, string>;
}

/** What `cdk synth` wrote: all stacks, those of stages too, and their assets. */
export interface Assembly {
  readonly stacks: readonly Stack[];
  readonly assets: readonly Asset[];
}

/** CDK 2.0 wrote this version of the cloud assembly schema; CDK 1 handed assets over in another way. */
const OLDEST_SCHEMA = 15;

const metadata = z.record(
  z.string(),
  z.array(z.looseObject({ type: z.string(), data: z.unknown().optional() })),
);
const common = {
  dependencies: z.array(z.string()).default([]),
  metadata: metadata.optional(),
  additionalMetadataFile: z.string().optional(),
};
const artifact = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('aws:cloudformation:stack'),
    ...common,
    properties: z.object({ templateFile: z.string(), stackName: z.string().optional() }),
  }),
  z.object({ type: z.literal('cdk:asset-manifest'), ...common, properties: z.object({ file: z.string() }) }),
  z.object({
    type: z.literal('cdk:cloud-assembly'),
    ...common,
    properties: z.object({ directoryName: z.string() }),
  }),
  z.object({ type: z.literal('cdk:tree'), ...common }),
  z.object({ type: z.literal('cdk:feature-flag-report'), ...common }),
]);
type Artifact = z.output<typeof artifact>;

const Manifest = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  artifacts: z.record(z.string(), artifact).default({}),
});

const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string() }),
        destinations: z.record(z.string(), z.object({ bucketName: z.string(), objectKey: z.string() })),
      }),
    )
    .default({}),
});

/**
 * Reads a cloud assembly (the CDK Developer Guide, "Synthesize CDK stacks"): its manifest, templates and asset manifests.
 * Throws UserError, one line that says what to do, when the directory is missing, broken or of CDK 1.
 */
export const readAssembly = (directory: string): Assembly => {
  const root = resolve(directory);
  const assembly = { stacks: [] as Stack[], assets: [] as Asset[] };
  collect(root, [], assembly);
  if (assembly.stacks.length === 0)
    throw new UserError(`${root} has no stack: synthesize the app first (npm run synth)`);
  return assembly;
};

/** Adds what the assembly in `directory` has; each of its stacks depends on `outer`, too. Returns the names of its stacks. */
const collect = (
  directory: string,
  outer: readonly string[],
  into: { stacks: Stack[]; assets: Asset[] },
): string[] => {
  const { version, artifacts } = read(join(directory, 'manifest.json'), Manifest);
  if (Number.parseInt(version, 10) < OLDEST_SCHEMA)
    throw new UserError(
      `${directory} is a cloud assembly of CDK 1 (schema ${version}): update to aws-cdk-lib 2`,
    );
  const stacksOf = stackNames(directory, artifacts);
  for (const [id, it] of Object.entries(artifacts)) {
    const dependencies = [
      ...outer,
      ...it.dependencies.flatMap((dependency) => stacksOf.get(dependency) ?? []),
    ];
    if (it.type === 'cdk:cloud-assembly')
      collect(join(directory, it.properties.directoryName), dependencies, into);
    if (it.type === 'cdk:asset-manifest')
      into.assets.push(...readAssets(join(directory, it.properties.file)));
    if (it.type === 'aws:cloudformation:stack') {
      const template = read(join(directory, it.properties.templateFile), Template);
      into.stacks.push({
        name: it.properties.stackName ?? id,
        template,
        dependencies,
        paths: readPaths(directory, it),
      });
    }
  }
  return [...stacksOf.values()].flat();
};

/** The stacks behind each artifact: one for a stack, all of a stage for a nested assembly. */
const stackNames = (
  directory: string,
  artifacts: Readonly<Record<string, Artifact>>,
): Map<string, string[]> => {
  const names = new Map<string, string[]>();
  for (const [id, it] of Object.entries(artifacts)) {
    if (it.type === 'aws:cloudformation:stack') names.set(id, [it.properties.stackName ?? id]);
    if (it.type === 'cdk:cloud-assembly') {
      const nested = join(directory, it.properties.directoryName);
      names.set(
        id,
        [...stackNames(nested, read(join(nested, 'manifest.json'), Manifest).artifacts).values()].flat(),
      );
    }
  }
  return names;
};

const readAssets = (file: string): Asset[] =>
  Object.values(read(file, AssetManifest).files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ bucketName, objectKey }) => ({
      bucket: bucketName,
      key: objectKey,
      file: resolve(dirname(file), source.path),
    })),
  );

const readPaths = (directory: string, { metadata: inline, additionalMetadataFile }: Artifact) => {
  const entries = additionalMetadataFile
    ? read(join(directory, additionalMetadataFile), metadata)
    : (inline ?? {});
  const paths = new Map<string, string>();
  for (const [path, records] of Object.entries(entries)) {
    for (const { type, data } of records) {
      if (type === 'aws:cdk:logicalId' && typeof data === 'string') paths.set(data, path.replace(/^\//, ''));
    }
  }
  return paths;
};

const read = <Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> => {
  if (!existsSync(file))
    throw new UserError(`${file} does not exist: synthesize the app first (npm run synth)`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UserError(
      `${file} is broken: delete the directory and synthesize the app again (npm run synth)`,
    );
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(`${file} is not understood: ${issue?.path.join('.')}: ${issue?.message}`);
};
