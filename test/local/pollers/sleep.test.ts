import { VirtualClock } from '../../../local/clock.ts';
import { sleep } from '../../../local/pollers/sleep.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Whether a sleep of a second with these signals has ended. */
const sleeping = (...signals: readonly AbortSignal[]) => {
  const clock = new VirtualClock();
  const state = { over: false };
  void sleep(clock, 1_000, ...signals).then(() => {
    state.over = true;
  });
  return { clock, state };
};

test('it lasts as long as the clock says', async () => {
  const { clock, state } = sleeping(new AbortController().signal);

  clock.advance(999);
  await turn();
  expect(state.over).toBe(false);
  clock.advance(1);
  await turn();

  expect(state.over).toBe(true);
});

test.each([0, 1])('any of its signals ends it: number %i', async (number) => {
  const controllers = [new AbortController(), new AbortController()];
  const { state } = sleeping(...controllers.map(({ signal }) => signal));
  await turn();
  expect(state.over).toBe(false);

  controllers[number]?.abort();
  await turn();

  expect(state.over).toBe(true);
});

test('it does not begin when it was ended before: whoever fails while stopping stops at once', async () => {
  const { state } = sleeping(AbortSignal.abort());

  await turn();

  expect(state.over).toBe(true);
});
