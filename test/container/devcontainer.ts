/** The generated devcontainer.json, in the hands of the command line of devcontainers. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseImage, type Ran, type Worker } from './worker.ts';

const version = '0.89.0';

export function devcontainer(worker: () => Worker): void {
  describe('the command line of devcontainers', () => {
    let bin: string;
    let cli: (...args: string[]) => Promise<Ran>;
    beforeAll(async () => {
      const { engine, project, env } = worker();
      const prefix = path.join(engine.directory, 'devcontainers');
      await execa('npm', [
        'install',
        '--no-audit',
        '--no-fund',
        '--prefix',
        prefix,
        `@devcontainers/cli@${version}`,
      ]);
      bin = path.join(prefix, 'node_modules/.bin');
      cli = async (...args) => {
        const { exitCode, stdout, stderr } = await execa(path.join(bin, 'devcontainer'), args, {
          cwd: project,
          env,
          extendEnv: false,
          reject: false,
        });
        return { exitCode, stdout, stderr };
      };
    }, 60_000);
    afterAll(async () => {
      const { engine, project } = worker();
      const filter = `label=devcontainer.local_folder=${project}`;
      const { stdout } = await engine.docker(['ps', '-aq', '--filter', filter]);
      await engine.docker(['rm', '-f', '-v', 'nobody', ...stdout.split('\n').filter((id) => id !== '')]);
    });

    test('builds the image, by nidify', async () => {
      const { env, nidify } = worker();
      const args = ['build', '--json', '--engine', 'devcontainer', '--tag', 'by-devcontainer:1'];
      const { exitCode, stdout, stderr } = await nidify([...args, '--base-image', baseImage], {
        env: { PATH: `${bin}:${env.PATH}` },
      });
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout).image).toMatchObject({ engine: 'devcontainer', name: 'by-devcontainer:1' });
    });

    test('starts it; commands are the worker’s, Docker is ready, the workspace can be written', async () => {
      const { engine, project, tun, image } = worker();
      const config = JSON.parse(readFileSync(path.join(project, '.devcontainer/devcontainer.json'), 'utf8'));
      // There is no binary cache here to build it from, and the device of this machine may be root's alone.
      const { build, updateContentCommand, ...rest } = config;
      expect(build).toEqual({ dockerfile: 'Dockerfile', context: '.' });
      expect(updateContentCommand).toBeDefined();
      const runArgs = config.runArgs.map((flag: string) =>
        flag === '--device=/dev/net/tun' ? `--device=${tun}:/dev/net/tun` : flag,
      );
      const file = path.join(engine.directory, 'devcontainer.json');
      writeFileSync(file, JSON.stringify({ ...rest, image, runArgs }));
      const place = ['--workspace-folder', project, '--override-config', file];
      const up = await cli('up', ...place, '--buildkit', 'never');
      expect(up.exitCode, up.stderr).toBe(0);
      expect(JSON.parse(up.stdout)).toMatchObject({ outcome: 'success', remoteUser: 'worker' });
      const script = 'id -un; docker version -f "{{.Server.Os}}"; touch made-inside; pwd';
      const { stdout, stderr } = await cli('exec', ...place, 'sh', '-c', script);
      expect(stdout, stderr).toBe(`worker\nlinux\n/workspaces/${path.basename(project)}`);
      expect(existsSync(path.join(project, 'made-inside'))).toBe(true);
    });
  });
}
