import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { UserError } from '../../local/errors.ts';
import { ROOT } from '../deployment/toolkit.ts';

/** LocalStack's wrapper of the CDK's command line: no profile or session of an AWS account gets past it. */
const CDKLOCAL = resolve(ROOT, 'node_modules/aws-cdk-local/bin/cdklocal');

/** The CDK's command line against an endpoint that imitates AWS. The app is the one that goes to AWS. */
export class EndpointCdk {
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /**
   * @throws {UserError} with the end of what the command said, when it fails
   */
  async run(...args: string[]): Promise<void> {
    const child = spawn(process.execPath, [CDKLOCAL, ...args, '--context', 'target=endpoint', '--ci'], {
      cwd: ROOT,
      env: endpointEnvironment(this.#endpoint),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = new Promise<number | null>((done, fail) => child.once('exit', done).once('error', fail));
    const [out, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    if (code === 0) return;
    const tail = `${out}\n${complaint}`.trim().split('\n').slice(-12).join('\n');
    throw new UserError(`cdklocal ${args[0]} failed at ${this.#endpoint}:\n${tail}`);
  }
}

/** Every service at one address, unless the caller says where S3 is. Credentials and region are made up by `cdklocal`. */
const endpointEnvironment = (endpoint: string): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_S3: process.env.AWS_ENDPOINT_URL_S3 ?? endpoint,
  CDK_DISABLE_CLI_TELEMETRY: '1',
});
