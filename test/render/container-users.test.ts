/** Users and modes of the worker's image, by the lines of the Dockerfile that set them, run as its build does. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dockerfile } from '../../src/render/container/dockerfile.ts';
import { temporaryFolder } from '../../src/temporary.ts';
import { planOf } from '../support/plan.ts';

const text = dockerfile(
  planOf({
    target: { kind: 'container', profile: 'rootless', network: null, because: [] },
    container: {
      folder: '.devcontainer',
      policy: 'on',
      toolchain: 'nix',
      images: [{ key: 'base', reference: 'docker.io/library/debian:trixie-slim', digest: null }],
    },
  }),
);

/** Runs what a pattern finds in the Dockerfile, with files of the test's own. */
function runLine(pattern: RegExp, folders: Readonly<Record<string, string>>, searchPath = ''): void {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`the Dockerfile has no ${pattern}`);
  // A line that ends with a backslash goes on in the next, before any shell sees it.
  let script = found.replaceAll('\\\n', '');
  for (const [from, to] of Object.entries(folders)) script = script.replaceAll(from, to);
  execFileSync('sh', ['-c', script], { env: { PATH: `${searchPath}:${process.env.PATH}` } });
}

function numbersFor(engine: number, worker: number): { uid: string[]; gid: string[] } {
  const folder = temporaryFolder('nidify-numbers-');
  onTestFinished(folder.remove);
  const id = path.join(folder.directory, 'id');
  writeFileSync(id, `#!/bin/sh\n[ "$2" = worker ] && echo ${worker} || echo ${engine}\n`);
  chmodSync(id, 0o755);
  runLine(
    /^RUN (numbers\(\)(?:.*\\\n)*.*\/etc\/subgid)$/m,
    { '/etc/': `${folder.directory}/` },
    folder.directory,
  );
  const read = (name: string) => readFileSync(path.join(folder.directory, name), 'utf8').trim().split('\n');
  return { uid: read('subuid'), gid: read('subgid') };
}

test.each([1000, 1001, 501, 991, 989, 1, 65_534, 100_000])(
  'with the worker %i, no inner user is the worker, the engine or root',
  (worker) => {
    const { uid, gid } = numbersFor(990, worker);
    expect(gid).toEqual(uid);
    const all = uid.flatMap((line) => {
      const [user, first, count] = line.split(':');
      expect(user).toBe('docker-engine');
      return Array.from({ length: Number(count) }, (_, at) => Number(first) + at);
    });
    const expected = Array.from({ length: 65_534 }, (_, at) => at + 1).filter(
      (each) => each !== 990 && each !== worker,
    );
    expect(all).toEqual(expected);
  },
);

test('boot.sh and the policy can be read by all, whatever modes they have where they were checked out', () => {
  const folder = temporaryFolder('nidify-modes-');
  onTestFinished(folder.remove);
  const files = ['boot.sh', 'docker-policy.mjs'].map((name) => path.join(folder.directory, name));
  for (const file of files) writeFileSync(file, '', { mode: 0o600 });
  const place = `${folder.directory}/`;
  runLine(/^RUN (chmod 0755 \/usr\/local\/bin\/boot\.sh.*)$/m, {
    '/usr/local/bin/': place,
    '/usr/local/lib/nidify/': place,
  });
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o755, 0o644]);
});
