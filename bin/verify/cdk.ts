import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { UserError } from '../../local/errors.ts';
import { CDK, ROOT } from '../deployment/toolkit.ts';

/** The CDK's own command line against an endpoint that imitates AWS. The app is the one that goes to AWS. */
export class EndpointCdk {
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /**
   * @throws {UserError} with the end of what the command said, when it fails
   */
  async run(...args: string[]): Promise<void> {
    const child = spawn(process.execPath, [CDK, ...args, '--context', 'target=endpoint', '--ci'], {
      cwd: ROOT,
      env: endpointEnvironment(this.#endpoint),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = new Promise<number | null>((done, fail) => child.once('exit', done).once('error', fail));
    const [out, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    if (code === 0) return;
    const tail = `${out}\n${complaint}`.trim().split('\n').slice(-12).join('\n');
    throw new UserError(`cdk ${args[0]} failed at ${this.#endpoint}:\n${tail}`);
  }
}

/** Credentials that are none, and every service at one address. */
const endpointEnvironment = (endpoint: string): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  CDK_DISABLE_CLI_TELEMETRY: '1',
});
