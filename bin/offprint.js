#!/usr/bin/env node
// Runs src/ in a checkout and dist/ in an installed package: Node strips no types below node_modules.
import { existsSync } from 'node:fs';

const least = 26;
if (Number(process.versions.node.split('.')[0]) < least) {
  console.error(
    `Offprint needs Node ${least} or newer, and this is ${process.version}.\n` +
      'In a checkout use "npm start" or "npx offprint …": they bring the right one. Else install Node from nodejs.org.',
  );
  process.exit(2);
}

const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
