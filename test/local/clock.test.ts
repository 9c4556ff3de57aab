import { SystemClock, VirtualClock } from '../../local/clock.ts';

test('what falls due while time moves on runs in the order of its time', () => {
  const clock = new VirtualClock();
  const ran: string[] = [];
  clock.after(200, () => ran.push('later'));
  clock.after(100, () => ran.push('sooner'));
  clock.after(300, () => ran.push('not yet'));

  clock.advance(250);

  expect(ran).toEqual(['sooner', 'later']);
});

test('what was cancelled never runs', () => {
  const clock = new VirtualClock();
  const ran: string[] = [];
  clock.after(100, () => ran.push('cancelled')).cancel();

  clock.advance(200);

  expect(ran).toEqual([]);
});

test('skipped time makes a timeout fall due, and leaves a working process its time', async () => {
  const clock = new SystemClock();
  const ran: string[] = [];
  const due = new Promise<void>((resolve) => {
    clock.after(3_600_000, () => {
      ran.push('visibility timeout');
      resolve();
    });
  });
  const work = clock.afterWork(3_600_000, () => ran.push('function timeout'));

  clock.advance(3_600_001);
  await due;

  expect(ran).toEqual(['visibility timeout']);
  work.cancel();
  clock.close();
});
