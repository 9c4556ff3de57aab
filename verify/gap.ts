import type { App } from '../scenarios/app/app.ts';

/** A resource type that an emulator does not know: it would refuse the whole stack. It is left out there. */
export interface TypeGap {
  readonly type: string;
  /** What the app does without it, and which scenarios need it. */
  readonly consequence: string;
}

/** Something that an emulator does otherwise than AWS, and what does not pass there because of it. */
export interface Gap {
  /** Names of scenarios. */
  readonly scenarios: readonly string[];
  /** What AWS does and the emulator does not, in one line. */
  readonly reason: string;
  /**
   * The gap with plain SDK calls, on resources of its own.
   * @returns what was seen, as long as the gap is there; undefined when the emulator does it as AWS does
   */
  readonly reproduce: (app: App) => Promise<string | undefined>;
}
