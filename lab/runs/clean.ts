import { nowMs } from '../message.ts';
import type { Run } from './run.ts';
import { Session } from './session.ts';

/** Nothing goes wrong: order, delivery and latency as they are on a good day. */
export const clean: Run = (context) =>
  Session.with(context, ['a'], async (session) => {
    await session.consume();
    const startedAt = nowMs();
    const pace = await session.send();
    await session.drained();
    const seconds = (nowMs() - startedAt) / 1_000;
    const { delivered, acknowledged, inversionsPerKey, inversionsOverall } = session.findings();
    const seen =
      `${delivered} of ${acknowledged} delivered; ` +
      `${inversionsPerKey.length} out of order within their key, ${inversionsOverall} over all`;
    return [
      session.result('clean', seen, { pace, latency: session.latency(), throughput: delivered / seconds }),
    ];
  });
