import { ConfigError } from '../lib/config.ts';
import { imageApp } from '../lib/image-app.ts';

try {
  imageApp().synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
