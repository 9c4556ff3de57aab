import { imageApp } from '../lib/image-app.ts';

imageApp().synth();
