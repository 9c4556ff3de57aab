/** An error in AWS's terms: a stable code, an HTTP status, a message. Each protocol gives it its own shape on the wire. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }

  /** Whose fault: below 500 the sender's. */
  get fault(): 'Sender' | 'Receiver' {
    return this.status < 500 ? 'Sender' : 'Receiver';
  }

  /** Of an invocation: it was throttled or the service failed, the function saw nothing, and the same may succeed later. */
  get isPassing(): boolean {
    return this.status === 429 || this.status === 503;
  }
}

/** An error of the person at the keyboard: printed as one line, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
