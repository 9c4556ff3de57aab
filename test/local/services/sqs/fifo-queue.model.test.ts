import fc from 'fast-check';
import { fifoQueue, now } from './engines.ts';

const VISIBILITY_MS = 1_000;
const DEDUPLICATION_MS = 300_000;

interface Expected {
  readonly body: string;
  readonly group: string;
  hiddenUntil: number;
}

type Step =
  | { readonly kind: 'send'; readonly group: string; readonly id: string | undefined }
  | { readonly kind: 'receive'; readonly max: number }
  | { readonly kind: 'delete' | 'give back'; readonly which: number }
  | { readonly kind: 'wait'; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        group: fc.constantFrom('a', 'b'),
        id: fc.constantFrom(undefined, undefined, 'x', 'y'),
      }),
    },
    fc.record({ kind: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ kind: fc.constantFrom('delete' as const, 'give back' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 400, 1_000, 300_000) }),
  ),
  { maxLength: 80, size: 'max' },
);

/** The messages of each group that nothing earlier in the group holds back. */
const deliverable = (messages: readonly Expected[], time: number): Expected[] => {
  const blocked = new Set<string>();
  return messages.filter(({ group, hiddenUntil }) => {
    if (hiddenUntil > time) blocked.add(group);
    return !blocked.has(group);
  });
};

test('whatever is done, order holds in each group, duplicates are dropped, and no message is lost', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken: Step[]) => {
      const { queue, clock, send } = fifoQueue({ visibilityMs: VISIBILITY_MS });
      const messages: Expected[] = [];
      const acceptedAt = new Map<string, number>();
      let handles: { readonly expected: Expected; readonly handle: string }[] = [];
      let sent = 0;

      for (const step of taken) {
        handles = handles.filter(({ expected }) => expected.hiddenUntil > clock.now());
        if (step.kind === 'send') {
          const body = String(sent++);
          send(step.group, body, step.id);
          const id = step.id ?? body;
          const before = acceptedAt.get(id) ?? Number.NEGATIVE_INFINITY;
          if (before + DEDUPLICATION_MS > clock.now()) continue;
          acceptedAt.set(id, clock.now());
          messages.push({ body, group: step.group, hiddenUntil: 0 });
        } else if (step.kind === 'receive') {
          const due = deliverable(messages, clock.now());
          const deliveries = await queue.receive({ ...now, max: step.max });
          expect(deliveries).toHaveLength(Math.min(step.max, due.length));
          for (const { message, receiptHandle } of deliveries) {
            const next = due.find(
              ({ group, hiddenUntil }) => group === message.groupId && hiddenUntil <= clock.now(),
            );
            expect(message.body).toBe(next?.body);
            if (!next) continue;
            next.hiddenUntil = clock.now() + VISIBILITY_MS;
            handles.push({ expected: next, handle: receiptHandle });
          }
        } else if (step.kind === 'wait') {
          clock.advance(step.ms);
        } else {
          const held = handles[step.which % Math.max(1, handles.length)];
          if (!held) continue;
          if (step.kind === 'delete') {
            queue.delete(held.handle);
            messages.splice(messages.indexOf(held.expected), 1);
            handles = handles.filter((other) => other !== held);
          } else {
            queue.changeVisibility(held.handle, 0);
            held.expected.hiddenUntil = 0;
          }
        }
        const { visible, notVisible } = queue.depth();
        expect(visible + notVisible).toBe(messages.length);
      }
    }),
    { numRuns: 200 },
  );
});
