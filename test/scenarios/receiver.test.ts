import { App } from '../../scenarios/app/app.ts';
import { startReceiver } from '../../scenarios/app/receiver.ts';

const appOn = (name: 'local' | 'aws') =>
  new App({ name, outputs: { ImageApi: { ApiUrl: 'http://127.0.0.1:1/' } }, endpoint: 'http://127.0.0.1:1' });

test('what is received is kept, and answered as told', async () => {
  const app = appOn('local');
  const receiver = await startReceiver(app);

  try {
    const first = await fetch(`${receiver.url}/a?b=c`, {
      method: 'POST',
      body: 'hello',
      headers: { Name: 'x' },
    });
    receiver.respond(({ path }) => ({ status: path === '/gone' ? 410 : 200 }));
    const second = await fetch(`${receiver.url}/gone`);

    expect([first.status, second.status]).toEqual([204, 410]);
    expect(receiver.requests).toMatchObject([
      { method: 'POST', path: '/a?b=c', headers: { name: 'x' }, body: 'hello' },
      { method: 'GET', path: '/gone', body: '' },
    ]);
  } finally {
    await receiver.close();
    app.close();
  }
});

test('AWS does not reach this machine without a tunnel', async () => {
  const app = appOn('aws');

  await expect(startReceiver(app)).rejects.toThrow('SCENARIO_RECEIVER_URL');
  app.close();
});
