/** The other end of `startSharp`: the work of the image job, with the settings of the app's own worker. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import sharp from 'sharp';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('which image?');
const input = readFileSync(file);

sharp.cache(false);
sharp.concurrency(availableParallelism());

process.on('message', async () => {
  const { info } = await sharp(input, { failOn: 'error' })
    .autoOrient()
    .resize({ width: 800, withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer({ resolveWithObject: true });
  process.send?.(info.size);
});
process.send?.('ready');
