import fc from 'fast-check';
import { type Message, newMessage, unreceived } from '../../../../local/services/sqs/message.ts';
import { MessagesByAge } from '../../../../local/services/sqs/messages-by-age.ts';

const sentAt = (at: number, key: number): Message =>
  newMessage(
    key,
    { id: String(key), body: '', senderId: '', sentAt: at },
    { ...unreceived, enqueuedAt: at, visibleAt: at },
  );

test('the oldest message is known, in whatever order messages come and go', () => {
  const step = fc.record({ at: fc.integer({ min: 0, max: 50 }), leaves: fc.option(fc.nat()) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const byAge = new MessagesByAge();
      const kept: Message[] = [];

      for (const [key, { at, leaves }] of steps.entries()) {
        const message = sentAt(at, key);
        byAge.add(message);
        kept.push(message);
        if (leaves !== null)
          for (const gone of kept.splice(leaves % kept.length, 1 + (leaves % 2))) byAge.remove(gone);

        const times = kept.map(({ enqueuedAt }) => enqueuedAt);
        expect(byAge.oldest?.enqueuedAt).toBe(times.length === 0 ? undefined : Math.min(...times));
      }
    }),
  );
});
