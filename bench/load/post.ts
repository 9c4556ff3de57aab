import { Agent, request } from 'node:http';

/** The least of a client: requests that are put together by hand and not signed for real, so that the server is what is measured. */
export const poster = (endpoint: string, service: 'sqs' | 'kinesis', targetPrefix: string) => {
  const agent = new Agent({ keepAlive: true });
  const contentType = `application/x-amz-json-1.${service === 'sqs' ? 0 : 1}`;
  const scope = `Credential=test/20260101/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=content-type;host, Signature=${'0'.repeat(64)}`;

  /** @returns the body of the answer. @throws on any answer but 200 */
  return (action: string, body: string): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      'x-amz-target': `${targetPrefix}.${action}`,
      'x-amz-date': '20260101T000000Z',
      authorization,
    };
    const sent = request(endpoint, { agent, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${action}: HTTP ${response.statusCode} ${text}`));
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
    return promise;
  };
};
