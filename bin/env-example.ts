// Writes .env.example from the table of settings: `npm run env:example`.
import { writeFileSync } from 'node:fs';
import { exampleEnv } from '../src/config/example.ts';

writeFileSync(new URL('../.env.example', import.meta.url), exampleEnv());
