import type { Needs } from './needs.ts';
import { type Option, type OptionName, optionNames, options } from './options.ts';
import { advice, merits, preference, rules } from './rules.ts';

interface Reason {
  readonly why: string;
  readonly source: string;
}

export interface Recommendation {
  /** Left out when nothing does all that is needed. */
  readonly choice?: Option;
  readonly reasons: readonly Reason[];
  /** Why not the others. */
  readonly against: Readonly<Partial<Record<OptionName, readonly Reason[]>>>;
}

/** Pure: a rule strikes out what cannot do it, and of the rest the one is chosen that has the least to run. */
export const recommend = (needs: Needs): Recommendation => {
  const against = Object.fromEntries(
    optionNames
      .map((name) => [name, objections(name, needs)] as const)
      .filter(([, reasons]) => reasons.length > 0),
  );
  const chosen = preference(needs).find((name) => !(name in against));
  const told = advice
    .filter(({ when }) => when(needs))
    .map(({ say, source }): Reason => ({ why: say, source }));
  if (chosen === undefined) return { reasons: told, against };
  return { choice: options[chosen], reasons: [merits[chosen], ...told], against };
};

const objections = (name: OptionName, needs: Needs): readonly Reason[] =>
  rules
    .filter(({ against, when }) => against.includes(name) && when(needs))
    .map(({ because, source }) => ({ why: because, source }));

/** For a person to read. */
export const formatRecommendation = ({ choice, reasons, against }: Recommendation): string => {
  const head = choice
    ? [`pattern    ${choice.pattern}`, `broker     ${choice.broker}`, `construct  ${choice.construct}`]
    : ['Nothing compared here does all of this: give up one of the needs that strike out what is below.'];
  const because = reasons.map(({ why, source }) => `- ${why} (${source})`);
  const others = Object.entries(against).flatMap(([name, list = []]) =>
    list.map(({ why, source }) => `- ${name}: ${why} (${source})`),
  );
  return [
    ...head,
    ...(because.length > 0 ? ['', 'Why', ...because] : []),
    ...(others.length > 0 ? ['', 'Why not', ...others] : []),
  ].join('\n');
};
