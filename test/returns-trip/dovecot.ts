import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A mailbox on loopback, served by Debian's dovecot as this user, in a folder that goes with it. */
export async function startDovecot() {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-dovecot-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const maildir = join(folder, 'mail');
  for (const name of ['', 'cur', 'new', 'tmp']) mkdirSync(join(maildir, name), { recursive: true });
  // Dovecot lets nobody log in as root.
  const isRoot = userInfo().uid === 0;
  const [user, uid, gid] = isRoot
    ? ['nobody', 65534, 65534]
    : [userInfo().username, userInfo().uid, userInfo().gid];
  writeFileSync(join(folder, 'users'), `box:{PLAIN}secret:${uid}:${gid}::${folder}\n`);
  writeFileSync(join(folder, 'dovecot.conf'), configOf(folder, port, String(user)));
  if (isRoot) spawn('chown', ['-R', 'nobody', maildir]);
  const child = spawn('/usr/sbin/dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  await started(child.stderr);
  let count = 0;
  return {
    port,
    url: `imap://box:secret@127.0.0.1:${port}/INBOX`,
    put: (raw: string) => {
      count += 1;
      const path = join(maildir, 'new', `${1_000_000 + count}.M${count}.test`);
      writeFileSync(path, raw, { mode: 0o666 });
      chmodSync(path, 0o666);
    },
    inbox: () => [...readdirSync(join(maildir, 'new')), ...readdirSync(join(maildir, 'cur'))].length,
    taken: () => {
      const path = join(maildir, '.Offprint.Taken');
      return ['new', 'cur'].flatMap((name) => readdirSync(join(path, name))).length;
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(folder: string, port: number, user: string): string {
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail
first_valid_uid = 1
default_internal_user = ${user === 'nobody' ? 'dovecot' : user}
default_login_user = ${user === 'nobody' ? 'dovenull' : user}
${user === 'nobody' ? '' : `default_internal_group = ${user}`}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Its log says when it listens. */
async function started(log: Readable): Promise<void> {
  let text = '';
  for await (const more of log.iterator({ destroyOnReturn: false })) {
    text += more;
    if (text.includes('starting up')) return void log.resume();
  }
  throw new Error(`dovecot did not start: ${text}`);
}
