import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import { describeNix, nixEnvironment } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const manifest = (name: string, node: string) => JSON.stringify({ name, engines: { node } });

describeNix('.nidify/agent-setup.sh', (nixes) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nidify-agent-'));
  const script = path.join(folder, '.nidify/agent-setup.sh');

  beforeAll(async () => {
    writeFileSync(path.join(folder, 'package.json'), manifest('shop', '22'));
    mkdirSync(path.join(folder, 'legacy'));
    writeFileSync(path.join(folder, 'legacy/package.json'), manifest('legacy', '20'));
    const plan = await analyze(folder, { catalogue: await standInCatalogue() });
    const files = await render(plan, ['agents']);
    await write(files, { directory: folder, lock: lockOf(plan, files) });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const version of nixes) {
    test(`makes every environment ready (Nix ${version.version})`, async () => {
      const githubPath = path.join(folder, `path-${version.version}`);
      const env = { ...(await nixEnvironment(version)), GITHUB_PATH: githubPath };
      const options = { cwd: tmpdir(), env, extendEnv: false };

      const { stdout } = await execa(script, [], options);
      const enter = /^ +(\S+\/bin\/enter) COMMAND$/m.exec(stdout)?.[1] ?? '';
      const further = stdout.split('\n').filter((line) => line.startsWith('/nix/store/'));
      const plain = { env: { PATH: '/usr/bin:/bin' }, extendEnv: false };
      expect((await execa(enter, ['node', '--version'], plain)).stdout).toMatch(/^v22\./);
      expect(further).toHaveLength(1);
      expect((await execa(`${further[0]}/bin/enter`, ['node', '--version'], plain)).stdout).toMatch(/^v20\./);

      // As the runner reads it: the last line first.
      const added = readFileSync(githubPath, 'utf8').trim().split('\n').reverse().join(':');
      const onPath = await execa('node', ['--version'], {
        env: { PATH: added },
        extendEnv: false,
        preferLocal: false,
      });
      expect(onPath.stdout).toMatch(/^v22\./);

      const command = await execa(script, ['sh', '-c', 'node --version; exit 3'], {
        ...options,
        reject: false,
      });
      expect(command.stdout).toMatch(/^v22\./);
      expect(command.exitCode).toBe(3);
    });
  }
});
