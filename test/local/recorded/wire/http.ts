/** What came back, before its service's format is read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Posts a request that is signed in shape only: the local cloud checks whose key it is, not the signature. */
export const post = async (
  url: string,
  service: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answer> => {
  const scope = `20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host, Signature=0`,
      ...headers,
    },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** An answer in the shape of the recordings. */
export type Recorded = Readonly<Record<string, unknown>>;

export const withStatus = (status: number, content: Recorded): Recorded => ({
  ...content,
  ResponseMetadata: { HTTPHeaders: {}, HTTPStatusCode: status },
});
