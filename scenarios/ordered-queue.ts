import { randomUUID } from 'node:crypto';
import type { App } from './app/app.ts';
import { type AppliedEdit, appliedEdits, requestEdit } from './app/edits.ts';
import { poisonGroup, takePoison } from './app/poisoned-group.ts';
import { until } from './app/until.ts';
import { type Stage, scenario } from './scenario.ts';

const IMAGES = 20;
const EDITS = 5;
const CLIENTS = 4;

export const orderedQueue = scenario(
  'ordered-queue',
  'ordered queue',
  'edits keep their order for each image, duplicates are dropped, and a failing edit blocks its own image only',
  async (stage) => {
    const run = randomUUID().slice(0, 8);
    const images = Array.from({ length: IMAGES }, (_, index) => `${run}-${index}`);
    await interleaved(stage, images);
    await poisoned(stage, images);
  },
);

/** The `k`th edit of an image can be told by its width. */
const edit = (k: number) => ({ op: 'resize', width: 100 + k });
const keyOf = (imageId: string, k: number) => `${imageId}:${k}`;

/** Every edit is sent before the next of its image; those of the other images come in between, and some come twice. */
const interleaved = async ({ app, check, hop }: Stage, images: readonly string[]): Promise<void> => {
  const ids = new Map<string, string>();
  const differing: string[] = [];
  await sendInterleaved(images, 0, EDITS, async (imageId, k) => {
    const id = await requestEdit(app, imageId, edit(k), keyOf(imageId, k));
    ids.set(keyOf(imageId, k), id);
    if (k !== 2) return;
    const again = await requestEdit(app, imageId, edit(k), keyOf(imageId, k));
    if (again !== id) differing.push(imageId);
  });
  hop(`${IMAGES * EDITS} edits of ${IMAGES} images sent, ${IMAGES} of them twice`);
  check('a request that comes again is answered with the same edit', differing.length === 0, differing);

  const applied = await appliedTo(app, images, EDITS);
  hop('all applied');
  check(
    'the edits of each image arrive in the order in which they were sent',
    applied.every((edits) => widths(edits).join() === expectedWidths(0, EDITS).join()),
    {
      images: applied.length,
      wrong: applied.map(widths).filter((seen) => seen.join() !== expectedWidths(0, EDITS).join()),
    },
  );
  check(
    'each of them once: duplicates within the window are dropped',
    applied.every(
      (edits, index) =>
        edits.map(({ editId }) => editId).join() ===
        expectedWidths(0, EDITS)
          .map((_, k) => ids.get(keyOf(images[index] ?? '', k)))
          .join(),
    ),
    { sent: IMAGES * (EDITS + 1), applied: applied.flat().length },
  );
};

const poisoned = async ({ app, check, hop }: Stage, images: readonly string[]): Promise<void> => {
  const [blocked = '', ...others] = images;
  const poison = await poisonGroup(app, blocked);
  hop('a message that nobody can read sent to the group of one image');
  await sendInterleaved(images, EDITS, EDITS + 2, async (imageId, k) => {
    await requestEdit(app, imageId, edit(k), keyOf(imageId, k));
  });
  const free = await appliedTo(app, others, EDITS + 2);
  const held = await appliedEdits(app, blocked);
  hop('the other images have gone on');
  check(
    'a failing edit blocks only its own image',
    held.length === EDITS &&
      free.every((edits) => widths(edits).join() === expectedWidths(0, EDITS + 2).join()),
    {
      blocked: `${held.length} of ${EDITS + 2} applied`,
      others: `${free.length} images, ${free.flat().length} edits`,
    },
  );

  const { body, receives } = await takePoison(app, poison);
  hop('the poison is a dead letter');
  check('the poison is among the dead letters, as it was sent', body === poison.body, { body, receives });
  const [freed = []] = await appliedTo(app, [blocked], EDITS + 2);
  hop('its image has gone on');
  check(
    'then its image goes on, in order, and loses nothing else',
    widths(freed).join() === expectedWidths(0, EDITS + 2).join(),
    widths(freed),
  );
};

/** A few clients at once, each with some of the images: it sends the first edit of them all, then the second of them all. */
const sendInterleaved = async (
  images: readonly string[],
  from: number,
  to: number,
  send: (imageId: string, k: number) => Promise<void>,
): Promise<void> => {
  const client = async (own: readonly string[]): Promise<void> => {
    for (let k = from; k < to; k += 1) for (const imageId of own) await send(imageId, k);
  };
  await Promise.all([...Map.groupBy(images, (_, index) => index % CLIENTS).values()].map(client));
};

const appliedTo = async (app: App, images: readonly string[], count: number): Promise<AppliedEdit[][]> => {
  const applied: AppliedEdit[][] = [];
  for (const imageId of images) {
    const edits = await until(
      `${count} edits of image ${imageId} to be applied`,
      () => appliedEdits(app, imageId),
      ({ length }) => length >= count,
      { everyMs: 50, timeoutMs: 60_000 },
    );
    applied.push(edits);
  }
  return applied;
};

const widths = (edits: readonly AppliedEdit[]): unknown[] =>
  edits.map(({ operation }) =>
    operation && typeof operation === 'object' ? Reflect.get(operation, 'width') : operation,
  );

const expectedWidths = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => edit(from + index).width);
