import type { Cloud } from '../../../local/cloud.ts';
import { difference } from './compare.ts';
import type { Recording } from './recordings.ts';
import { Replay, type Scripts } from './replay.ts';

export interface Verdict {
  readonly recording: Recording;
  readonly verdict: 'matches' | 'differs' | 'out of scope' | 'not replayed';
  /** Why it differs, or why nothing here needs it; of a match, what was not compared. */
  readonly reason: string;
}

/** What is known beforehand of a case, by the name of its test. */
export interface Known {
  readonly scripts: Scripts;
  /** Why this app has no use for it. */
  readonly outOfScope: (recording: Recording) => string | undefined;
  /** Why a difference is meant, by test name; the first word of a key may be a label that the reason is for. */
  readonly meant: Readonly<Record<string, string>>;
}

/** Does the steps of one recorded case again, and compares every answer that was recorded. */
export const judge = async (cloud: Cloud, recording: Recording, known: Known): Promise<Verdict> => {
  const outside = known.outOfScope(recording);
  if (outside !== undefined) return { recording, verdict: 'out of scope', reason: outside };
  const script = known.scripts[`${recording.group} ${recording.test}`] ?? known.scripts[recording.test];
  if (!script) return { recording, verdict: 'not replayed', reason: 'its steps are not written down yet' };
  const replay = new Replay(cloud, recording.parameters);
  const found = await differenceOf(replay, recording, script);
  if (found === undefined) return { recording, verdict: 'matches', reason: leftOut(replay) };
  return { recording, verdict: 'differs', reason: known.meant[recording.test] ?? found };
};

/** What of a case is not compared, and why; empty when all of it is. */
const leftOut = ({ left }: Replay): string =>
  [...Map.groupBy(Object.entries(left), ([, reason]) => reason)]
    .map(([reason, labels]) => `without ${labels.map(([label]) => label).join(', ')}: ${reason}`)
    .join('; ');

const differenceOf = async (
  replay: Replay,
  recording: Recording,
  script: Scripts[string],
): Promise<string | undefined> => {
  try {
    await script?.(replay);
  } catch (error) {
    return `the steps cannot be done: ${error instanceof Error ? error.message : String(error)}`;
  }
  for (const [label, recorded] of Object.entries(recording.answers)) {
    if (label in replay.left) continue;
    const found = difference(essential(recorded), replay.answers[label]);
    if (found !== undefined) return `${label}: ${found}`;
  }
  return undefined;
};

/** Of a refusal, its error and status: clients repeat the message beside them, and some of AWS's messages end in a parser's own words. */
const essential = (recorded: unknown): unknown => {
  if (!isRefusal(recorded)) return recorded;
  const { Code, Message, QueryErrorCode, Type } = recorded.Error;
  const said =
    typeof Message === 'string'
      ? Message.replace(/\n at \[.*$/s, '').replace(PARSER, '$1 <parser>')
      : Message;
  return {
    ResponseMetadata: recorded.ResponseMetadata,
    Error: { Code, Message: said, QueryErrorCode, Type },
  };
};

/** After this a message goes on in the words of whoever parses. */
const PARSER = /(failed to parse JSON\.) .*$/s;

interface Refusal {
  readonly Error: Readonly<Record<string, unknown>>;
  readonly ResponseMetadata: unknown;
}

const isRefusal = (recorded: unknown): recorded is Refusal =>
  typeof recorded === 'object' && recorded !== null && 'Error' in recorded && 'ResponseMetadata' in recorded;
