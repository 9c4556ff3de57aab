import fc from 'fast-check';
import { applyEdit } from '../../../lambdas/domain/apply-edit.ts';
import { requestEdit } from '../../../lambdas/domain/request-edit.ts';
import { EditApplied } from '../../../lambdas/messages/edit-messages.ts';
import { anEdit, IMAGE, MemoryEdits } from '../support/edits.ts';
import { clock, trace } from '../support/jobs.ts';
import { Outbox } from '../support/memory-ports.ts';

const deliver = (
  edits: MemoryEdits,
  k: number,
  { groupId = IMAGE, events = new Outbox<EditApplied>(), place = k } = {},
) =>
  applyEdit(
    anEdit(k),
    { messageId: `message-${place}`, groupId, sequenceNumber: BigInt(1_000 + place) },
    { edits, events, clock },
  );

const applied = (edits: MemoryEdits) => edits.stored.map(({ editId }) => Number(editId.slice(8)));

describe('applying edits of one image', () => {
  /** Deliveries of a FIFO queue: either the next message, or one that was delivered before, however long ago. */
  const deliveries = fc.array(fc.oneof(fc.constant('next' as const), fc.nat()), { maxLength: 30 });

  test('each is applied once and in order, whatever is delivered again and whenever', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async (steps) => {
        const edits = new MemoryEdits();
        let next = 0;
        for (const step of steps) {
          if (step === 'next') {
            await deliver(edits, next);
            next += 1;
          } else if (next > 0) await deliver(edits, step % next);
        }

        expect(applied(edits)).toEqual(Array.from({ length: next }, (_, k) => k));
        expect(edits.stored.map(({ n }) => n)).toEqual(applied(edits).map((k) => k + 1));
      }),
    );
  });

  test('two workers that hold the same message at once apply it once', async () => {
    const edits = new MemoryEdits();
    await deliver(edits, 0);

    const outcomes = await Promise.all([deliver(edits, 1), deliver(edits, 1)]);

    expect(outcomes.toSorted()).toEqual(['applied', 'repeated']);
    expect(applied(edits)).toEqual([0, 1]);
  });

  test('a worker whose message became a dead letter meanwhile changes nothing: its turn is over', async () => {
    const edits = new MemoryEdits();
    await deliver(edits, 0);
    await deliver(edits, 2);

    const late = await deliver(edits, 1);

    expect(late).toBe('repeated');
    expect(applied(edits)).toEqual([0, 2]);
  });

  test('an edit outside the group of its image is not applied: nothing would keep its order', async () => {
    const edits = new MemoryEdits();

    await expect(deliver(edits, 0, { groupId: 'another-group' })).rejects.toThrow(
      'in the group another-group',
    );
    expect(edits.stored).toEqual([]);
  });

  test('each is told with its number, and again if the first time was not to be', async () => {
    const edits = new MemoryEdits();
    const events = new Outbox<EditApplied>();
    await deliver(edits, 0, { events });
    events.beforeSend = () => {
      events.beforeSend = () => {};
      throw new Error('the topic is away');
    };

    await expect(deliver(edits, 1, { events })).rejects.toThrow('away');
    await deliver(edits, 1, { events });

    expect(applied(edits)).toEqual([0, 1]);
    expect(events.sent.map((event) => EditApplied.parse(event))).toMatchObject([
      { id: `${IMAGE}:edit:1:applied`, subject: IMAGE, data: { n: 1, editId: 'message-0' } },
      { id: `${IMAGE}:edit:2:applied`, subject: IMAGE, data: { n: 2, editId: 'message-1' } },
    ]);
  });

  test('a redrive makes a new message of it, but no second edit; it is told, as the first time may have ended before', async () => {
    const edits = new MemoryEdits();
    const events = new Outbox<EditApplied>();
    for (const k of [0, 1, 2]) await deliver(edits, k);

    const redriven = await deliver(edits, 1, { events, place: 7 });

    expect(redriven).toBe('repeated');
    expect(applied(edits)).toEqual([0, 1, 2]);
    expect(events.sent).toMatchObject([{ id: `${IMAGE}:edit:2:applied`, data: { editId: 'message-1' } }]);
  });

  test('an edit that became a dead letter before it was applied is applied when it is redriven, as the last', async () => {
    const edits = new MemoryEdits();
    for (const k of [0, 2]) await deliver(edits, k);

    const redriven = await deliver(edits, 1, { place: 7 });

    expect(redriven).toBe('applied');
    expect(applied(edits)).toEqual([0, 2, 7]);
  });

  test('conflicts without end are given up, and the message comes again', async () => {
    const edits = new MemoryEdits();
    edits.append = async () => false;

    await expect(deliver(edits, 0)).rejects.toThrow('5 times');
  });
});

describe('asking for an edit', () => {
  const sent = async (operation: { op: 'flip' } | { op: 'flop' }, idempotencyKey?: string) => {
    const ids: string[] = [];
    const queue = {
      send: async (_message: unknown, deduplicationId: string) => {
        ids.push(deduplicationId);
        return 'message-1';
      },
    };
    await requestEdit({ imageId: IMAGE, operation, idempotencyKey }, trace, { queue, clock });
    return ids[0];
  };

  test('the same request again is the same edit: by its key, or else by its content', async () => {
    expect(await sent({ op: 'flip' }, 'key')).toBe(await sent({ op: 'flip' }, 'key'));
    expect(await sent({ op: 'flip' })).toBe(await sent({ op: 'flip' }));
  });

  test('another key makes it another edit', async () => {
    const ids = [
      await sent({ op: 'flip' }),
      await sent({ op: 'flip' }, 'a'),
      await sent({ op: 'flip' }, 'b'),
    ];

    expect(new Set(ids).size).toBe(3);
  });

  test('a key that is used for another edit by mistake makes no edit vanish', async () => {
    expect(await sent({ op: 'flip' }, 'key')).not.toBe(await sent({ op: 'flop' }, 'key'));
  });

  test.each(['key', 'null', '', 'é'.repeat(200)])(
    'the queue takes the id that is made of %j',
    async (key) => {
      expect(await sent({ op: 'flip' }, key)).toMatch(/^[\w-]{1,128}$/);
    },
  );
});
