/** The program of an execution environment: loads the handler once, then runs one event after the other. */
import { installConsole } from './console.ts';
import { errorReport, RuntimeError } from './errors.ts';
import { loadHandler } from './load-handler.ts';
import type { EnvironmentMessage, InvokeMessage } from './messages.ts';
import { installModuleRules } from './module-rules.ts';
import { installResponseUrl } from './response-url.ts';
import { runHandler, takesCallbacks } from './run-handler.ts';
import { awslambda, isStreaming } from './streaming.ts';

const say = (message: EnvironmentMessage, said?: () => void): void => {
  if (process.connected) process.send?.(message, undefined, {}, said);
};

const output = installConsole((text) => say({ type: 'log', text }));

/** Nothing can be trusted after it: the environment ends, as on AWS. */
const die = (thrown: unknown, exitCode: number): void => {
  output.failure('Uncaught Exception', thrown);
  say({ type: 'fatal', error: errorReport(thrown) }, () => process.exit(exitCode));
};

const refuseCallbacks = (handler: { readonly length: number }): void => {
  if (takesCallbacks() || handler.length < 3 || isStreaming(handler)) return;
  throw new RuntimeError(
    'Runtime.CallbackHandlerDeprecated',
    'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.',
  );
};

const start = async (): Promise<void> => {
  const { LAMBDA_TASK_ROOT = '', LAMBDA_RUNTIME_DIR = '', _HANDLER = '' } = process.env;
  installResponseUrl(process.env.AWS_ENDPOINT_URL);
  installModuleRules(LAMBDA_TASK_ROOT, LAMBDA_RUNTIME_DIR);
  const handler = await loadHandler(LAMBDA_TASK_ROOT, _HANDLER);
  refuseCallbacks(handler);
  process.on('message', async (message: InvokeMessage) => {
    output.requestId = message.requestId;
    process.env._X_AMZN_TRACE_ID = message.traceId;
    try {
      const payload = await runHandler(handler, message);
      say({ type: 'succeeded', payload, rss: process.memoryUsage.rss() });
    } catch (thrown) {
      output.failure('Invoke Error', thrown);
      say({ type: 'failed', error: errorReport(thrown), rss: process.memoryUsage.rss() });
    }
  });
  say({ type: 'ready' });
};

Object.assign(globalThis, { awslambda });
process.on('disconnect', () => process.exit());
// A terminal's Ctrl-C reaches the whole process group: when an environment ends is the cloud's decision.
process.on('SIGINT', () => undefined);
process.on('uncaughtException', (error) => die(error, 129));
process.on('unhandledRejection', (reason) => {
  const { errorMessage, errorType } = errorReport(reason);
  die(new RuntimeError('Runtime.UnhandledPromiseRejection', `${errorType}: ${errorMessage}`), 128);
});
start().catch((thrown: unknown) => die(thrown, 1));
