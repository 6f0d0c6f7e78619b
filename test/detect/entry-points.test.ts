import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { folderWith } from '../support/folder.ts';

async function runtimes(files: Record<string, string>, config = {}) {
  const { toolchains, findings, projects, repository } = await analyze(folderWith(files), { config });
  return {
    ids: toolchains.map(({ id }) => id),
    codes: findings.map(({ code }) => code),
    start: projects[0]?.commands.start ?? null,
    inputs: repository.inputs.map(({ path }) => path),
  };
}

describe('a repository without any manifest', () => {
  it('is run by Deno where its script says so', async () => {
    const files = {
      'src/index.ts': '// a server\nimport { serve } from "https://deno.land/std/http/server.ts";\n',
    };
    expect(await runtimes(files)).toEqual({
      ids: ['deno'],
      codes: [],
      start: 'deno run --allow-all src/index.ts',
      inputs: ['src/index.ts'],
    });
    expect((await runtimes({ 'main.js': 'const text = await Deno.readTextFile("a");\n' })).ids).toEqual([
      'deno',
    ]);
  });

  it('is run by what its language suggests otherwise, with a warning', async () => {
    expect(await runtimes({ 'main.ts': 'console.log(1);\n' })).toMatchObject({
      ids: ['deno'],
      codes: ['runtime-assumed'],
    });
    expect(await runtimes({ 'index.js': 'console.log(1);\n' })).toMatchObject({
      ids: ['node'],
      codes: ['runtime-assumed'],
      start: 'node index.js',
    });
  });

  it('is not guessed at where something else was found, or the runtime is disabled', async () => {
    const beside = await runtimes({ 'go.mod': 'module x\n\ngo 1.25\n', 'index.ts': '' });
    expect(beside).toMatchObject({ ids: ['go'], inputs: ['go.mod'] });
    expect(await runtimes({ 'index.ts': '' }, { disable: ['deno'] })).toMatchObject({
      ids: [],
      codes: ['nothing-found'],
    });
    expect(await runtimes({ 'lib/index.ts': '', 'readme.md': '' })).toMatchObject({ ids: [] });
  });
});
