/** How API Gateway itself refuses or fails a request: the gateway response type, the default status, the exception's name. */
const kinds = {
  ACCESS_DENIED: [403, 'AccessDeniedException', 'User is not authorized to access this resource'],
  API_CONFIGURATION_ERROR: [500, 'InternalServerErrorException', 'Internal server error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'AuthorizerConfigurationException', null],
  AUTHORIZER_FAILURE: [500, 'AuthorizerConfigurationException', null],
  BAD_REQUEST_BODY: [400, 'BadRequestException', 'Invalid request body'],
  BAD_REQUEST_PARAMETERS: [400, 'BadRequestException', null],
  DEFAULT_4XX: [403, 'ForbiddenException', 'Forbidden'],
  DEFAULT_5XX: [500, 'InternalServerErrorException', 'Internal server error'],
  INTEGRATION_FAILURE: [504, 'InternalServerErrorException', 'Network error communicating with endpoint'],
  INTEGRATION_TIMEOUT: [504, 'InternalServerErrorException', 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'ForbiddenException', 'Forbidden'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
  QUOTA_EXCEEDED: [429, 'LimitExceededException', 'Limit Exceeded'],
  REQUEST_TOO_LARGE: [413, 'RequestTooLargeException', 'Request Too Long'],
  THROTTLED: [429, 'TooManyRequestsException', 'Too Many Requests'],
  UNAUTHORIZED: [401, 'UnauthorizedException', 'Unauthorized'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'UnsupportedMediaTypeException', 'Unsupported Media Type'],
} as const satisfies Record<string, readonly [number, string, string | null]>;

export type GatewayErrorType = keyof typeof kinds;

/** Those that there are on AWS, and that nothing here ends in: signatures, firewalls, domains of one's own. */
const elsewhere = ['EXPIRED_TOKEN', 'INVALID_SIGNATURE', 'RESOURCE_NOT_FOUND', 'WAF_FILTERED'];

/** "Gateway response types for API Gateway". */
export const gatewayResponseTypes: readonly string[] = [...Object.keys(kinds), ...elsewhere];

interface Details {
  readonly message?: string;
  readonly status?: number;
  /** `$context.error.validationErrorString`: what is wrong, for people. */
  readonly validation?: string;
  /** Why, for the log: the client is not told. */
  readonly reason?: string;
}

/** An answer of the gateway itself. Source: "Gateway response types" of the API Gateway Developer Guide. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly type: GatewayErrorType;
  readonly status: number;
  readonly exception: string;
  /** `$context.error.message`; null for the authorizer's own failures. */
  readonly clientMessage: string | null;
  readonly validation: string | undefined;
  readonly reason: string | undefined;

  constructor(type: GatewayErrorType, { message, status, validation, reason }: Details = {}) {
    const [defaultStatus, exception, defaultMessage] = kinds[type];
    super(reason ?? message ?? defaultMessage ?? type);
    this.type = type;
    this.status = status ?? defaultStatus;
    // A request that makes no sense is called so, whatever has noticed it.
    this.exception = this.status === 400 ? 'BadRequestException' : exception;
    this.clientMessage = message ?? defaultMessage;
    this.validation = validation;
    this.reason = reason;
  }
}

/** The 502 for a function that failed or did not answer in the shape of the proxy integration. */
export const badGateway = (reason: string): GatewayError =>
  new GatewayError('DEFAULT_5XX', { status: 502, reason });
