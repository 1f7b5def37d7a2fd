// Loaded before the program: it believes that it runs on a machine of that name, so that nobody can see from the list of
// processes here that it is dead.
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const name = process.env.TORTURE_HOST;
if (name) {
  os.hostname = () => name;
  syncBuiltinESMExports();
}
