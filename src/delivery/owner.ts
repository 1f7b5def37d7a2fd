import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * The name under which a process claims work: `MACHINE/PID/START`. MACHINE is the host with its process
 * namespace, so that two containers that share a host name are two machines; START tells a process from a
 * later one with the same number.
 */
export function ownerName(pid = process.pid): string {
  return `${machine()}/${pid}/${startOf(pid) ?? 'unknown'}`;
}

/** Whether an owner is known to be gone: a process of this machine that no longer runs. */
export function isGone(owner: string): boolean {
  const [home, pid = '', start] = owner.split('/');
  if (home !== machine() || !/^\d+$/.test(pid)) return false;
  if (!isRunning(Number(pid))) return true;
  const now = startOf(Number(pid));
  return now !== undefined && start !== 'unknown' && now !== start;
}

function machine(): string {
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '';
  return `${hostname()}:${namespace.replace(/\D/g, '')}`;
}

/**
 * Field 22 of `/proc/PID/stat`, the start in clock ticks since boot; only Linux has it. A process that has ended and
 * that nobody has waited for yet (state Z or X) has none.
 */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
