import { readFile } from 'node:fs/promises';
import { startLocalTarget } from '../../lab/targets/local.ts';
import { unreachable } from '../../lab/targets/reachable.ts';
import { resourcesOf } from '../../lab/targets/resources.ts';
import type { CloudTarget } from '../../lab/targets/target.ts';
import { UserError } from '../../local/errors.ts';
import type { Options } from './options.ts';

export interface Cloud {
  readonly target: CloudTarget;
  stop(): Promise<void>;
}

/**
 * The cloud that has the lab's stack: a private one, or one where it is deployed.
 * @throws {UserError} when it is not there
 */
export const findCloud = async (
  options: Options,
  directory: string,
  say: (line: string) => void,
): Promise<Cloud> => {
  if (options.target === 'local') {
    const target = await startLocalTarget(directory, say);
    return { target, stop: target.stop };
  }
  const target = await deployed(options.target, options.outputs ?? '');
  const why = await unreachable(target);
  if (why !== undefined) throw new UserError(`the lab's stack on ${target.version} does not answer: ${why}`);
  return { target, stop: async () => undefined };
};

/** The SDK goes where a queue's URL leads, whatever endpoint it was given: the wrong file would be measured, and named wrongly. */
const ON_AWS = /\.amazonaws\.com(\.cn)?$/;

const deployed = async (name: 'endpoint' | 'aws', outputs: string): Promise<CloudTarget> => {
  const resources = await readResources(outputs);
  const { hostname } = new URL(resources.queueUrl);
  if (ON_AWS.test(hostname) !== (name === 'aws'))
    throw new UserError(`--target ${name}, and the queues of --outputs ${outputs} are on ${hostname}`);
  const configured = process.env.AWS_ENDPOINT_URL;
  if (name === 'aws') {
    if (configured)
      throw new UserError(`--target aws, and AWS_ENDPOINT_URL=${configured} leads elsewhere: unset it`);
    return { name, version: `AWS, ${process.env.AWS_REGION ?? 'the default region'}`, resources };
  }
  const endpoint = configured ?? 'http://127.0.0.1:4566';
  return { name, endpoint, version: `the endpoint ${endpoint}`, resources };
};

const readResources = async (file: string) => {
  try {
    return resourcesOf(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UserError(
      `--outputs ${file}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    );
  }
};
