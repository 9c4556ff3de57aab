import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { Protocol } from '../service.ts';

/** Amazon Kinesis Data Streams. */
export class Kinesis {
  readonly protocol: Protocol = {
    handle: async () => {
      throw new AwsError('NotImplemented', 'Kinesis is not there yet', 501);
    },
  };

  // biome-ignore lint/complexity/noUselessConstructor: the surface that the composition builds on
  constructor(_foundation: Foundation) {}

  async close(): Promise<void> {}
}
