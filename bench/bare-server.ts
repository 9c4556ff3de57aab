import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';

/** The least that REST to Lambda could cost on this machine: a Node HTTP server that forwards each request to one forked process. */
export const startBareServer = async (): Promise<{ url: string; close(): Promise<void> }> => {
  const worker = fork(join(import.meta.dirname, 'bare-worker.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  await once(worker, 'message');
  const waiting = new Map<number, (answer: string) => void>();
  worker.on('message', ({ id, answer }: { id: number; answer: string }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  let next = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const id = next++;
      waiting.set(id, (answer) => response.setHeader('content-type', 'application/json').end(answer));
      worker.send({ id, method: request.method, path: request.url, body: Buffer.concat(chunks).toString() });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the bare server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: async () => {
      worker.kill();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
