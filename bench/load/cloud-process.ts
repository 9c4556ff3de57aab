/** The local cloud alone in a process, with nothing deployed: what a load is put on. */
import { startCloud } from '../../local/start-cloud.ts';

const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('where are the data to live?');
const { endpoint, close } = await startCloud({ port: 0, dataDir });
process.once('disconnect', () => void close().then(() => process.exit(0)));
process.send?.(endpoint);
