import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { readAssembly } from '../../../local/assembly/assembly.ts';
import { deploy } from '../../../local/deploy.ts';
import { startCloud } from '../../../local/start-cloud.ts';
import { restApiTemplate } from './rest-api-template.ts';
import { configOf } from './target.ts';

const outputs = z.object({ ApiUrl: z.string(), ApiKey: z.string(), QueueUrl: z.string() });

/** The deployed stack that the checks ask. */
export interface RestApi extends z.output<typeof outputs> {
  readonly sqs: SQSClient;
  close(): Promise<void>;
}

/** At another endpoint the stack has to stand already: OUTPUTS names the file with its outputs. */
export const openRestApi = async (): Promise<RestApi> => {
  const { ENDPOINT, OUTPUTS } = process.env;
  if (!ENDPOINT) return local();
  if (!OUTPUTS)
    throw new Error('OUTPUTS names no file with the outputs of the stack in rest-api-template.ts');
  return remote(ENDPOINT, OUTPUTS);
};

const stackIn = (all: unknown): z.output<typeof outputs> => {
  for (const stack of Object.values(z.record(z.string(), z.unknown()).parse(all))) {
    const parsed = outputs.safeParse(stack);
    if (parsed.success) return parsed.data;
  }
  throw new Error('No stack has the outputs ApiUrl, ApiKey and QueueUrl');
};

const remote = (endpoint: string, file: string): RestApi => {
  const sqs = new SQSClient(configOf(endpoint));
  const close = async () => sqs.destroy();
  return { ...stackIn(JSON.parse(readFileSync(file, 'utf8'))), sqs, close };
};

const local = async (): Promise<RestApi> => {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-api-'));
  const assembly = join(directory, 'cdk.out');
  mkdirSync(assembly);
  const properties = { templateFile: 'Api.template.json' };
  const manifest = {
    version: '48.0.0',
    artifacts: { Api: { type: 'aws:cloudformation:stack', properties } },
  };
  writeFileSync(join(assembly, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(assembly, properties.templateFile), JSON.stringify(restApiTemplate));
  const { cloud, endpoint, close } = await startCloud({ port: 0, dataDir: join(directory, 'data') });
  const deployed = await deploy(cloud, readAssembly(assembly));
  const sqs = new SQSClient(configOf(endpoint));
  return {
    ...stackIn(deployed.outputs),
    sqs,
    close: async () => {
      sqs.destroy();
      await close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
