/** An endpoint of one's own takes any credentials; on AWS they are the user's. */
export const clientConfig = (endpoint: string | undefined) =>
  endpoint === undefined
    ? {}
    : {
        endpoint,
        region: process.env.AWS_REGION ?? 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      };
