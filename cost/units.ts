/** What AWS counts as one, in bytes. Each line of the price file names the page that says so. */
export const KIB = 1024;
export const SQS_CHUNK = 64 * KIB;
export const SNS_CHUNK = 64 * KIB;
export const KINESIS_CHUNK = 25 * KIB;
export const SOCKET_CHUNK = 32 * KIB;

/** How many begun chunks a payload has; nothing at all is one too: a request without payload is billed. */
export const chunks = (bytes: number, size: number): number => Math.max(1, Math.ceil(bytes / size));

/** Lambda: configured memory for the billed time, whatever of it was used. */
export const gbSeconds = (billedMs: number, memoryMb: number): number =>
  (billedMs / 1000) * (memoryMb / 1024);

/** API Gateway: each begun minute of a connection. */
export const connectionMinutes = (connectedMs: number): number =>
  Math.max(1, Math.ceil(connectedMs / 60_000));
