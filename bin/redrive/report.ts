import type { DeadLetter } from '../../scenarios/app/dead-letters.ts';
import type { Redriven } from '../../scenarios/app/redrive.ts';

const LONGEST_BODY = 500;

const nameOf = (arn: string): string => arn.split(':').at(-1) ?? arn;

/** `3 d 4 h`, `2 min`, `12 s`: the two largest units. */
export const ageOf = (ms: number): string => {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ] as const;
  let rest = Math.max(0, ms);
  const parts: string[] = [];
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || (unit === 's' && parts.length === 0)) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ');
};

/** What is seen of one message: cause first, as it is what the reader has come for. */
export const describeLetter = (letter: DeadLetter, now: number): string => {
  const { id, body, cause, receiveCount, sentAt, source, groupId } = letter;
  const causes = Object.entries(cause).map(([name, value]) => `  ${name}: ${value}`);
  return [
    id,
    ...(causes.length > 0 ? causes : ['  no cause was given: the log of the consumer has it']),
    `  sent ${ageOf(now - sentAt)} ago, received ${receiveCount} times, ${
      source === undefined ? 'sent here by a function' : `from ${nameOf(source)}`
    }${groupId === undefined ? '' : `, group ${groupId}`}`,
    `  ${body.length > LONGEST_BODY ? `${body.slice(0, LONGEST_BODY)}... (${body.length} characters)` : body}`,
  ].join('\n');
};

export const describeRedriven = ({ status, destination, moved, failed, reason }: Redriven): string => {
  const where = destination === undefined ? 'where they came from' : nameOf(destination);
  const told = `moved ${moved} to ${where}, failed ${failed}`;
  if (status === 'COMPLETED') return told;
  const hint =
    reason === 'CouldNotDetermineMessageSource' ? ': name where the messages go with --to QUEUE' : '';
  return `${told}: ${status}${reason === undefined ? '' : ` (${reason})`}${hint}`;
};
