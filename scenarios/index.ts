import { direct } from './direct.ts';
import { imageJob } from './image-job.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, in the order in which a reader meets the patterns. */
export const scenarios: readonly Scenario[] = [imageJob, direct];
