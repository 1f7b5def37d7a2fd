// Writes .env.example and docs/settings.md from the table of settings: `npm run env:example`.
import { writeFileSync } from 'node:fs';
import { exampleDocs, exampleEnv } from '../src/config/example.ts';

writeFileSync(new URL('../.env.example', import.meta.url), exampleEnv());
writeFileSync(new URL('../docs/settings.md', import.meta.url), exampleDocs());
