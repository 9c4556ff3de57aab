import { AwsError } from '../../errors.ts';
import type { Answer, Operation, Request } from './protocol-operation.ts';
import type { Lambda } from './service.ts';

const header = ({ headers }: Request, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

const checkJson = (payload: string): void => {
  try {
    JSON.parse(payload || '{}');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`);
  }
};

const clientContext = (request: Request): { clientContext?: string } => {
  const encoded = header(request, 'x-amz-client-context');
  return encoded === undefined ? {} : { clientContext: Buffer.from(encoded, 'base64').toString() };
};

const requestResponse = async (lambda: Lambda, name: string, request: Request): Promise<Answer> => {
  const { call, body } = request;
  const traceId = header(request, 'x-amzn-trace-id');
  const invocation = await lambda.invoke(name, body, call.caller, {
    requestId: call.requestId,
    ...clientContext(request),
    ...(traceId !== undefined && { traceId }),
  });
  return {
    status: invocation.statusCode,
    headers: {
      'x-amz-executed-version': '$LATEST',
      ...(invocation.functionError && { 'x-amz-function-error': invocation.functionError }),
      ...(header(request, 'x-amz-log-type') === 'Tail' && {
        'x-amz-log-result': Buffer.from(invocation.logTail).toString('base64'),
      }),
    },
    body: invocation.payload,
  };
};

/** The Invoke API (Lambda API reference, "Invoke"). */
export const invokeOperations = (lambda: Lambda): Operation[] => [
  {
    method: 'POST',
    path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
    run: async (request) => {
      const { reference, query, call, body } = request;
      const qualifier = query.get('Qualifier');
      const name = qualifier ? `${reference}:${qualifier}` : reference;
      const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
      checkJson(body);
      switch (type) {
        case 'RequestResponse':
          return requestResponse(lambda, name, request);
        case 'Event':
          await lambda.invokeAsync(name, body, call.caller, call.requestId);
          return { status: 202 };
        case 'DryRun':
          lambda.checkInvoke(name, call.caller);
          return { status: 204 };
        default:
          throw new AwsError('InvalidParameterValueException', `Unsupported invocation type ${type}`);
      }
    },
  },
];
