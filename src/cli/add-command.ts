import type { Command } from 'commander';
import type { Host } from './host.ts';

/** Adds one command to the program. */
export type AddCommand = (program: Command, host: Host) => void;
