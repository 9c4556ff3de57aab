import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { AwsError } from '../../errors.ts';
import type { Call } from '../service.ts';

export interface Request {
  /** The part of the path that names a function or mapping; empty when there is none. */
  readonly reference: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly call: Call;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it stands, everything else as JSON. */
  readonly body?: unknown;
}

export interface Operation {
  readonly method: string;
  /** Its first group is the reference. */
  readonly path: RegExp;
  run(request: Request): Promise<Answer> | Answer;
}

/** Throws AwsError SerializationException, InvalidParameterValueException. */
export const parseBody = <Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> => {
  let json: unknown;
  try {
    json = JSON.parse(body || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new AwsError('InvalidParameterValueException', z.prettifyError(parsed.error));
};
