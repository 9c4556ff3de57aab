import fc from 'fast-check';
import { now, standardQueue } from './engines.ts';

const VISIBILITY_MS = 1_000;

/** A message as a consumer may think of it. */
interface Expected {
  readonly body: string;
  visibleAt: number;
  receives: number;
}

type Step =
  | { readonly kind: 'send'; readonly delayMs: number; readonly groupId: string | undefined }
  | { readonly kind: 'receive'; readonly max: number }
  | { readonly kind: 'delete' | 'hide' | 'give back'; readonly which: number }
  | { readonly kind: 'wait'; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('send' as const),
      delayMs: fc.constantFrom(0, 0, 500),
      groupId: fc.constantFrom(undefined, 'a', 'b'),
    }),
    fc.record({ kind: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 10 }) }),
    fc.record({
      kind: fc.constantFrom('delete' as const, 'hide' as const, 'give back' as const),
      which: fc.nat(),
    }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  ),
  { maxLength: 80, size: 'max' },
);

test('whatever is done, no message is lost, given while hidden, or given after its deletion', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken: Step[]) => {
      const { queue, clock, send } = standardQueue({ visibilityMs: VISIBILITY_MS });
      const model = new Map<string, Expected>();
      const handles: { readonly body: string; readonly handle: string; readonly receive: number }[] = [];
      let sent = 0;

      for (const step of taken) {
        if (step.kind === 'send') {
          const body = String(sent++);
          send(body, step.delayMs, step.groupId);
          model.set(body, { body, visibleAt: clock.now() + step.delayMs, receives: 0 });
        } else if (step.kind === 'receive') {
          const visible = [...model.values()].filter(({ visibleAt }) => visibleAt <= clock.now());
          const deliveries = await queue.receive({ ...now, max: step.max });
          expect(deliveries).toHaveLength(Math.min(step.max, visible.length));
          for (const { message, receiptHandle, receiveCount } of deliveries) {
            const expected = visible.find(({ body }) => body === message.body);
            if (!expected) throw new Error(`${message.body} was hidden or deleted`);
            expect(receiveCount).toBe(++expected.receives);
            expected.visibleAt = clock.now() + VISIBILITY_MS;
            handles.push({ body: message.body, handle: receiptHandle, receive: receiveCount });
          }
        } else if (step.kind === 'wait') {
          clock.advance(step.ms);
        } else {
          const held = handles[step.which % Math.max(1, handles.length)];
          const expected = held && model.get(held.body);
          if (!held || !expected) continue;
          if (step.kind === 'delete') {
            queue.delete(held.handle);
            if (held.receive === expected.receives) model.delete(held.body);
          } else {
            const ms = step.kind === 'hide' ? 3_000 : 0;
            queue.changeVisibility(held.handle, ms);
            expected.visibleAt = clock.now() + ms;
          }
        }
        const hidden = [...model.values()].filter(({ visibleAt }) => visibleAt > clock.now());
        const depth = queue.depth();
        expect(depth.visible).toBe(model.size - hidden.length);
        expect(depth.notVisible).toBe(hidden.filter(({ receives }) => receives > 0).length);
      }
    }),
    { numRuns: 200 },
  );
});
