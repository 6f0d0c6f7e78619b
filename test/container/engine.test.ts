import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { busyboxImage, describeEngine, type Engine, startEngine } from './engine.ts';

describeEngine('the engine of tests', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine?.stop());

  test('runs a container and hands back its output and exit code', async () => {
    const result = await engine.docker(
      ['run', '--rm', '-i', busyboxImage, 'sh', '-c', 'cat; echo to stderr >&2; exit 3'],
      { input: 'from stdin' },
    );
    expect(result).toEqual({ exitCode: 3, stdout: 'from stdin', stderr: 'to stderr' });
  });

  test('runs beside another one, and leaves nothing behind', async () => {
    const other = await startEngine();
    try {
      await other.docker(['run', '--detach', '--name', 'sleeper', busyboxImage, 'sleep', '60']);
      const { stdout } = await other.docker(['ps', '--format', '{{.Names}}']);
      expect(stdout).toBe('sleeper');
      expect((await engine.docker(['ps', '--quiet'])).stdout).toBe('');
    } finally {
      await other.stop();
    }
    expect(existsSync(other.directory)).toBe(false);
    expect((await engine.call('GET', '/_ping')).status).toBe(200);
  });
});
