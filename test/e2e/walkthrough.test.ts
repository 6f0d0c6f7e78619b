import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, commitAll, folder, run } from './nidify.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/walkthrough.md'), 'utf8');

interface Step {
  command: string;
  /** What the page says that it prints. */
  printed: string;
}

/** The commands of the page's `console` blocks, in their order. */
function steps(): Step[] {
  const blocks = [...page.matchAll(/^```console\n(?<block>.*?)^```$/gms)].map(
    ({ groups }) => groups?.block ?? '',
  );
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const [command = '', ...lines] = step.trimEnd().split('\n');
        return { command, printed: lines.join('\n') };
      }),
  );
}

describe('docs/walkthrough.md', () => {
  test('prints what nidify prints', async () => {
    const cwd = folder();
    const bin = folder();
    cpSync(path.join(root, 'test/fixtures/walkthrough'), cwd, { recursive: true });
    await commitAll(cwd);
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'nidify'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
    chmodSync(path.join(bin, 'nidify'), 0o755);
    const env = { PATH: `${bin}:${process.env.PATH ?? ''}`, LANG: 'C.UTF-8' };
    expect(steps().length).toBeGreaterThan(10);
    for (const { command, printed } of steps()) {
      const { stdout, stderr } = await run('sh', ['-c', command], { cwd, env });
      expect([stdout, stderr].filter(Boolean).join('\n'), command).toBe(printed);
    }
  });
});
