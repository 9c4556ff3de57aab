import { UserError } from '../local/errors.ts';
import type { OutputsFile } from '../scenarios/app/outputs.ts';

/** Where `npm start` answers, unless told otherwise. */
const DEFAULT_ENDPOINT = 'http://127.0.0.1:4566';

/** Hosts that only name an API or a queue as AWS would: an endpoint that imitates AWS does not answer there. */
const ON_AWS = /\.amazonaws\.com$|\.execute-api\./;

/** An endpoint serves everything at one address: that of its API, or of a queue, as the outputs of the deployment tell. */
export const originIn = (outputs: OutputsFile): string | undefined => {
  const values = Object.values(outputs).flatMap((stack) => Object.entries(stack));
  const urls = [
    ...values.filter(([name]) => name === 'ApiUrl'),
    ...values.filter(([name]) => name.endsWith('QueueUrl')),
  ];
  return urls
    .filter(([, url]) => URL.canParse(url))
    .map(([, url]) => new URL(url))
    .find(({ protocol, hostname }) => protocol.startsWith('http') && !ON_AWS.test(hostname))?.origin;
};

/** Where an endpoint of one's own answers: as `AWS_ENDPOINT_URL` says, else as its outputs tell, else where `npm start` does. */
export const endpointOf = (
  outputs: OutputsFile,
  { AWS_ENDPOINT_URL }: Readonly<Record<string, string | undefined>> = process.env,
): string => AWS_ENDPOINT_URL ?? originIn(outputs) ?? DEFAULT_ENDPOINT;

/** @throws {UserError} when nothing speaks HTTP there; whatever answer there is will do */
export const assertAnswers = async (endpoint: string): Promise<void> => {
  try {
    await (await fetch(endpoint)).body?.cancel();
  } catch {
    throw new UserError(
      `nothing answers at ${endpoint}: is it running? Where it is, AWS_ENDPOINT_URL or the --outputs of its deployment tell`,
    );
  }
};
