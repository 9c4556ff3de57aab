import { away } from './away.ts';
import { clean } from './clean.ts';
import { crash } from './crash.ts';
import { formats } from './formats.ts';
import { outage } from './outage.ts';
import { replay } from './replay.ts';
import { retry } from './retry.ts';
import type { Run, RunName } from './run.ts';
import { scale } from './scale.ts';
import { share } from './share.ts';
import { sizes } from './sizes.ts';

export const runs: Readonly<Record<RunName, Run>> = {
  clean,
  sizes,
  formats,
  share,
  replay,
  retry,
  away,
  crash,
  scale,
  outage,
};
