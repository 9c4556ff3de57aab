import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** What the `type` of every problem of this service begins with. */
export const PROBLEM_TYPE_PREFIX = 'urn:problem:serverless-ipc:';

/**
 * Makes the answers that API Gateway gives itself, before or instead of a function, RFC 9457 problems,
 * readable for a page of another origin.
 *
 * Each has a type of its own that stays the same, so that a client need not read the words.
 * Their templates know variables but no logic ("Gateway responses for REST APIs in API Gateway").
 * `messageString` comes with its quotes, `validationErrorString` without.
 */
export const answerWithProblems = (api: RestApi, allowOrigin: string): void => {
  for (const [id, { type, problem, status, title, detail, headers }] of Object.entries(answers)) {
    const members = [
      `"type":"${PROBLEM_TYPE_PREFIX}${problem}"`,
      `"title":${title}`,
      ...(status === undefined ? [] : [`"status":${status}`]),
      `"detail":${detail}`,
      '"instance":"$context.path"',
      '"requestId":"$context.requestId"',
    ];
    api.addGatewayResponse(id, {
      type,
      ...(status !== undefined && { statusCode: String(status) }),
      responseHeaders: {
        'Access-Control-Allow-Origin': `'${allowOrigin}'`,
        'Content-Type': "'application/problem+json'",
        ...headers,
      },
      templates: { 'application/json': `{${members.join(',')}}` },
    });
  }
};

interface Answer {
  readonly type: ResponseType;
  /** The end of the problem's type. */
  readonly problem: string;
  /** Left out where one answer stands for several. */
  readonly status?: number;
  /** JSON, or a variable that becomes JSON. */
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const message = '$context.error.messageString';

const answers: Readonly<Record<string, Answer>> = {
  ClientError: {
    type: ResponseType.DEFAULT_4XX,
    problem: 'client-error',
    title: '"Client Error"',
    detail: message,
  },
  ServerError: {
    type: ResponseType.DEFAULT_5XX,
    problem: 'server-error',
    title: '"Server Error"',
    detail: message,
  },
  BadBody: {
    type: ResponseType.BAD_REQUEST_BODY,
    problem: 'invalid-request',
    status: 400,
    title: '"Bad Request"',
    detail: '"$context.error.validationErrorString"',
  },
  BadParameters: {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    problem: 'invalid-request',
    status: 400,
    title: '"Bad Request"',
    detail: message,
  },
  // Otherwise an unknown path is answered by 403 "Missing Authentication Token".
  UnknownPath: {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    problem: 'no-such-resource',
    status: 404,
    title: '"Not Found"',
    detail: '"No such resource, or no such method on it."',
  },
  TooLarge: {
    type: ResponseType.REQUEST_TOO_LARGE,
    problem: 'body-too-large',
    status: 413,
    title: '"Content Too Large"',
    detail: message,
  },
  Throttled: {
    type: ResponseType.THROTTLED,
    problem: 'too-many-requests',
    status: 429,
    title: '"Too Many Requests"',
    detail: message,
    headers: { 'Retry-After': "'1'" },
  },
};
