import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRepository } from '../../src/worker-image/repository.ts';

let scratch: string;
beforeAll(async () => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'nidify-repository-')));
  mkdirSync(path.join(scratch, 'plain'));
  mkdirSync(path.join(scratch, 'shop/services/api'), { recursive: true });
  await execa('git', ['init', '--quiet', '--initial-branch=main', path.join(scratch, 'shop')]);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('a folder without the commit that was asked for', () => {
  const refused = (folder: string, commit?: string) =>
    openRepository(path.join(scratch, folder), { commit }).then(
      () => null,
      (error: unknown) => error,
    );

  test.each([
    ['a repository without commits', 'shop', undefined, 'commit something first'],
    ['a commit that is not there', 'shop', 'nope', 'git log'],
    ['no repository', 'plain', undefined, 'or a Git URL'],
  ])('%s: the hint says what to do', async (_, folder, commit, hint) => {
    expect(await refused(folder, commit)).toMatchObject({
      code: 'no-commit',
      exitCode: 2,
      hint: expect.stringContaining(hint),
    });
  });

  test('a folder inside a repository: the hint names the top and the project', async () => {
    expect(await refused('shop/services/api')).toMatchObject({
      code: 'no-commit',
      hint: `Name the top, ${path.join(scratch, 'shop')}, and the project in it: --project services/api.`,
    });
  });
});
