import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import type { Gap } from '../gap.ts';

export const throttledFunction: Gap = {
  scenarios: ['request-response'],
  reason: 'a function without concurrency is answered by 429 and an error of Lambda; API Gateway answers 500',
  reproduce: async (app) => {
    const FunctionName = app.output('MakeThumbnailFunctionName');
    await app.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
    );
    try {
      const { status } = await app.fetch('/v1/thumbnails?width=10', {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg', accept: 'image/*' },
        body: 'x',
      });
      return status === 429 ? 'PutFunctionConcurrency 0, then a request: 429' : undefined;
    } finally {
      await app.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    }
  },
};
