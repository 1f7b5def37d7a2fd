import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { DEFAULT_ACCENT } from '../../../src/domain/accent.ts';
import { compileTemplates } from '../../../src/mail/mail-templates.ts';
import { compileMjml } from '../../../src/mail/mjml.ts';
import { mjmlApart } from '../../../src/runtime/limited/mjml-apart.ts';
import { FILES } from '../../mail/support.ts';
import { tempFolder } from '../../support/app.ts';

test('MJML in a process of its own gives what it gives here, also after the process has ended', async () => {
  const source = (FILES['notice.mjml'] ?? '').replaceAll('{{accent}}', DEFAULT_ACCENT);
  const { compile: apart } = mjmlApart();
  expect(await apart(source)).toBe(await compileMjml(source));
  expect(await Promise.all([apart(source), apart(source)])).toHaveLength(2);
});

test('what is wrong with a template is told as precisely as by MJML here', async () => {
  const broken = {
    ...FILES,
    'issue.mjml': (FILES['issue.mjml'] ?? '').replace('<mj-body', '<mj-body colour="red"'),
  };
  const told = (mjml?: typeof compileMjml) =>
    compileTemplates(broken, undefined, mjml).catch((error) => error.message);
  const here = await told();
  expect(here).toMatch(/issue\.mjml, line \d+: expected valid MJML/);
  expect(await told(mjmlApart().compile)).toBe(here);
});

test('a process that is killed ends what was asked of it, and the next question begins another', async () => {
  using folder = tempFolder();
  const file = join(folder.path, 'program.mjs');
  writeFileSync(file, "process.on('message', () => process.kill(process.pid, 'SIGKILL'));");
  const { compile: apart } = mjmlApart(pathToFileURL(file));
  const ended = { code: 'MJML_ENDED', message: expect.stringContaining('SIGKILL') };
  await expect(apart('one')).rejects.toMatchObject(ended);
  await expect(compileTemplates(FILES, undefined, apart)).rejects.toMatchObject(ended);
});
