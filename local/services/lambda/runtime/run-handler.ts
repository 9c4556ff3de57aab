import { type InvocationContext, invocationContext } from './context.ts';
import { RuntimeError } from './errors.ts';
import type { EnvironmentMessage, InvokeMessage } from './messages.ts';
import { isStreaming, ResponseStream } from './streaming.ts';

// biome-ignore lint/complexity/noBannedTypes: a handler takes what its author declared
type Handler = Function;

/** "The payload for each invocation response can be up to 6 MB": the exact figure is AWS's own message. */
const RESPONSE_LIMIT_BYTES = 6_291_556;

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Calls `run` when nothing is left to do in this process but to wait for the service. @returns the function that ends the watch. */
const atEmptyEventLoop = (run: () => void): (() => void) => {
  process.channel?.unref();
  process.once('beforeExit', run);
  return () => {
    process.off('beforeExit', run);
    process.channel?.ref();
  };
};

const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

const sendChunk = (chunk: Buffer, sent: () => void): void => {
  const message: EnvironmentMessage = { type: 'chunk', chunk };
  process.send?.(message, undefined, {}, sent);
};

const streamed = async (
  handler: Handler,
  event: unknown,
  context: InvocationContext,
  streams: boolean,
): Promise<string> => {
  const stream = new ResponseStream(streams ? sendChunk : undefined);
  const ended = new Promise<void>((resolve, reject) => stream.on('finish', resolve).on('error', reject));
  await handler(event, stream, context);
  stream.end();
  await ended;
  return stream.text();
};

/** Node.js 24 dropped callbacks: what a handler returns is its answer. Before it, only a promise is. */
export const takesCallbacks = (): boolean =>
  Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1]) < 24;

/** Async and callback handlers end in one promise; whichever speaks first decides. */
const called = (handler: Handler, event: unknown, message: InvokeMessage): Promise<unknown> => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let promised = false;
  let whenEmpty = () =>
    promised ? reject(new RuntimeError('Runtime.NodeJsExit', NEVER_SETTLED)) : resolve(null);
  const context = invocationContext(message, { succeed: resolve, fail: reject });
  const callback = (error: unknown, result: unknown): void => {
    const settle = () => (error ? reject(error) : resolve(result));
    if (context.callbackWaitsForEmptyEventLoop) whenEmpty = settle;
    else settle();
  };
  const returned: unknown = handler(event, context, callback);
  if (isThenable(returned)) {
    promised = true;
    returned.then(resolve, reject);
  } else if (!takesCallbacks()) {
    resolve(returned);
  }
  return promise.finally(atEmptyEventLoop(() => whenEmpty()));
};

/** Runs one event to its answer, as JSON text. Rejects with what the function threw. */
export const runHandler = async (handler: Handler, message: InvokeMessage): Promise<string> => {
  const event: unknown = JSON.parse(message.payload);
  if (isStreaming(handler)) {
    return streamed(
      handler,
      event,
      invocationContext(message, { succeed: () => undefined, fail: () => undefined }),
      message.streams ?? false,
    );
  }
  const result = await called(handler, event, message);
  const payload = JSON.stringify(result === undefined ? null : result) ?? 'null';
  if (Buffer.byteLength(payload) > RESPONSE_LIMIT_BYTES) {
    throw new RuntimeError(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT_BYTES} bytes).`,
    );
  }
  return payload;
};
