import { format } from './format.ts';

export const json = format(
  'json',
  true,
  (message) => new TextEncoder().encode(JSON.stringify(message)),
  (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
);
