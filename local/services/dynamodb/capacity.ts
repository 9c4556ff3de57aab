import { z } from 'zod';
import type { Json } from './engine.ts';

const PARAMETER = 'ReturnConsumedCapacity';

const of = z.looseObject({ CapacityUnits: z.number() });
const told = z.object({ ConsumedCapacity: z.union([of.transform((one) => [one]), z.array(of)]) });

/** Operations on items: they alone consume anything. */
const ON_ITEMS = /^(Batch)?(Get|Write|Put|Update|Delete)Item$|^(Query|Scan)$/;

/**
 * Asks the engine what an operation consumes, also when its caller does not want to know. A failed condition consumes
 * what the write would have, which the engine does not tell.
 */
export const metered = async (
  name: string,
  input: Json,
  call: (input: Json) => Promise<Json>,
): Promise<{ readonly answer: Json; readonly consumed?: number }> => {
  if (!ON_ITEMS.test(name)) return { answer: await call(input) };
  const isWanted = input[PARAMETER] === 'TOTAL' || input[PARAMETER] === 'INDEXES';
  const whole = await call(isWanted ? input : { ...input, [PARAMETER]: 'TOTAL' });
  const { data } = told.safeParse(whole);
  const consumed = data?.ConsumedCapacity.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  const { ConsumedCapacity: _, ...plain } = whole;
  return { answer: isWanted ? whole : plain, ...(consumed !== undefined && { consumed }) };
};
