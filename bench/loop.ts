const BETWEEN = 1;

/**
 * Watches the event loop of this process. What is returned gives the longest time, in ms, in which it came to nothing
 * else, and ends the watch. It is the thread's own CPU time, so that other programs of a busy machine do not count.
 */
export function watchLoop(): () => number {
  let longest = 0;
  let last = cpuTime();
  const turn = () => {
    const now = cpuTime();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(turn, BETWEEN);
  return () => {
    clearInterval(timer);
    turn();
    return longest;
  };
}

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
