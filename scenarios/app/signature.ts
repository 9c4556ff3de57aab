import { Webhook } from 'standardwebhooks';
import type { ReceivedRequest } from './receiver.ts';

/** Whether a request is signed with this secret, as Standard Webhooks has it, less than five minutes ago. */
export const isSigned = ({ body, headers }: ReceivedRequest, secret: string): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
