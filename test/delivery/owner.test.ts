import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isGone, ownerName } from '../../src/delivery/owner.ts';

test('a process that runs is not gone', () => {
  expect(isGone(ownerName())).toBe(false);
  expect(isGone(ownerName(process.ppid))).toBe(false);
});

test('a process that has ended is gone', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect(isGone(ownerName(pid))).toBe(true);
});

test.runIf(process.platform === 'linux')('an earlier process with the same number is gone', () => {
  const [machine, pid] = ownerName().split('/');
  expect(isGone(`${machine}/${pid}/1`)).toBe(true);
});

test("another machine's process is never known to be gone", () => {
  const [, pid, start] = ownerName().split('/');
  expect(isGone(`elsewhere:4026531836/${pid}/${start}`)).toBe(false);
  expect(isGone('elsewhere:4026531836/999999999/1')).toBe(false);
});

test('a name that is none is never gone', () => {
  for (const odd of ['', '/', 'x', `${ownerName().split('/')[0]}/abc/1`]) expect(isGone(odd)).toBe(false);
});
