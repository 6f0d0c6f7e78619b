import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findEngine, isRootless, probe } from '../../src/container/engine.ts';
import { describeEngine } from './engine.ts';

describeEngine('which engine is taken', () => {
  test('one whose daemon hangs does not answer, and is not waited for', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'nidify-hang-'));
    const socket = path.join(folder, 'docker.sock');
    const server = createServer(() => {}).listen(socket);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      server.close();
      rmSync(folder, { recursive: true });
    });
    vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
    const started = Date.now();
    expect(await probe('docker', undefined, 1500)).toEqual({
      ok: false,
      text: 'does not answer within 1.5 s',
    });
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  test('one whose daemon is not there says so', async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
    await expect(findEngine('build', 'docker', undefined)).rejects.toMatchObject({
      code: 'tool-missing',
      exitCode: 4,
      message: expect.stringContaining('/nowhere/docker.sock'),
    });
  });

  test('none on this machine', async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('PATH', '/nowhere');
    await expect(findEngine('run', null, undefined)).rejects.toMatchObject({
      code: 'tool-missing',
      exitCode: 4,
      message: 'no container engine can run an image here (docker: not found; podman: not found)',
      hint: expect.stringContaining('apt install podman'),
    });
  });

  test('rootless ones are known by what they say', () => {
    expect(isRootless({ name: 'podman', said: 'true' })).toBe(true);
    expect(isRootless({ name: 'podman', said: 'false' })).toBe(false);
    expect(isRootless({ name: 'buildah', said: '{ "host": { "rootless": true } }' })).toBe(true);
    expect(isRootless({ name: 'docker', said: '26.1.5' })).toBe(false);
  });
});
