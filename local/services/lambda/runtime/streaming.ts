import { Writable } from 'node:stream';

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Ends the JSON prelude that `HttpResponseStream` writes before the body. */
const preludeEnd = Buffer.alloc(8);

/** What a streaming handler writes leaves at once, if that is wanted, else when the stream has ended. */
export class ResponseStream extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly #send: ((chunk: Buffer, sent: () => void) => void) | undefined;

  /** @param send takes each chunk as it is written; without it they are collected. */
  constructor(send?: (chunk: Buffer, sent: () => void) => void) {
    super();
    this.#send = send;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.#send) {
      this.#send(chunk, done);
      return;
    }
    this.#chunks.push(chunk);
    done();
  }

  setContentType(_type: string): void {
    // The Invoke API does not carry it.
  }

  /** What was collected. */
  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

/** The `awslambda` global (Lambda guide, "Writing response streaming-enabled Lambda functions"). */
export const awslambda = {
  streamifyResponse: (handler: object): object => Object.assign(handler, { [streaming]: 'response' }),
  HttpResponseStream: {
    from: (stream: Writable, metadata: unknown): Writable => {
      stream.write(JSON.stringify(metadata));
      stream.write(preludeEnd);
      return stream;
    },
  },
};

export const isStreaming = (handler: object): boolean => Reflect.get(handler, streaming) !== undefined;
