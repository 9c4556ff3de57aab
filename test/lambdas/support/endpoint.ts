import type { Server } from 'node:http';

/** Lets every client of a service that is made from now on talk to this endpoint: the SDK reads it by itself. */
export const aClientOf = (service: 'DYNAMODB' | 'KINESIS' | 'S3' | 'SQS' | 'SNS', endpoint: string): void => {
  process.env[`AWS_ENDPOINT_URL_${service}`] = endpoint;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
};

export const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return address.port;
};
