import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Finds a header by its name in lower case, however the client spelled it. */
export const headerOf =
  ({ headers }: APIGatewayProxyEvent) =>
  (name: string): string | undefined =>
    Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
