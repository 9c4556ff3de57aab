import { scenarios } from '../../scenarios/index.ts';
import { play } from '../../scenarios/scenario.ts';
import { startTestApp, type TestApp } from '../support/local-app.ts';

let running: TestApp;

beforeAll(async () => {
  running = await startTestApp();
});
afterAll(() => running.close());

test.each(scenarios)(
  '$name: $proves',
  async (one) => {
    const { checks } = await play(one, running.app);

    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  },
  120_000,
);
