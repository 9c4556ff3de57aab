/** What `npm run lab:deploy` deploys, and what the lab runs on this machine. */
import { labApp } from '../lib/lab-app.ts';

labApp().synth();
