/** Repositories of scripts: bats-core.readthedocs.io, shellspec.info, github.com/kward/shunit2, shellcheck.net. */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const script = (lines: string) => `#!/usr/bin/env bash\nset -euo pipefail\n${lines}\n`;

describe('a repository of scripts', () => {
  it('is started and tested by what its files are called', async () => {
    const found = await understood({
      'start.sh': script('. ./lib/greet.sh\ngreet'),
      'lib/greet.sh': 'greet() { echo hello; }\n',
      'test.sh': script('./start.sh'),
    });
    expect(found).toMatchObject({
      toolchains: [],
      languages: ['shell'],
      tools: [],
      root: { start: 'bash start.sh', test: 'bash test.sh' },
      codes: [],
    });
  });

  it('is started by its only script, but not by one that installs', async () => {
    expect((await understood({ 'greet.sh': script('echo hello') })).root.start).toBe('bash greet.sh');
    expect((await understood({ 'hello.sh': '#!/bin/sh\necho hi\n' })).root.start).toBe('sh hello.sh');
    expect((await understood({ 'install.sh': script('cp a b') })).root.start).toBeUndefined();
    expect((await understood({ 'a b.sh': script('true') })).root.start).toBe("bash 'a b.sh'");
  });

  it('is tested by Bats, and linted where ShellCheck has a configuration', async () => {
    const found = await understood({
      'bin/greet.sh': script('echo hello'),
      'test/greet.bats': '@test "greets" { run bin/greet.sh; }\n',
      '.shellcheckrc': 'enable=all\n',
    });
    expect(found.tools.sort()).toEqual(['bats', 'shellcheck']);
    expect(found.root).toMatchObject({
      test: 'bats --recursive test',
      lint: "find . -name '*.sh' -exec shellcheck {} +",
    });
    const spread = await understood({ 'a.sh': script('true'), 'a.bats': '', 'test/b.bats': '' });
    expect(spread.root.test).toBe('bats --recursive .');
  });

  it('is tested by ShellSpec or shunit2 where they are used', async () => {
    const spec = await understood({
      'a.sh': script('true'),
      '.shellspec': '',
      'spec/a_spec.sh': 'Describe\n',
    });
    expect(spec).toMatchObject({ tools: ['shellspec'], root: { test: 'shellspec' } });
    const unit = await understood({
      'a.sh': script('true'),
      'tests/run.sh': script('testA() { :; }\n. shunit2'),
    });
    expect(unit).toMatchObject({ tools: ['shunit2'], root: { test: 'bash tests/run.sh' } });
  });

  it('leaves tests to its own task runner', async () => {
    const files = { 'a.sh': script('true'), 'test/a.bats': '', Makefile: 'test:\n\tbats test\n' };
    const found = await understood(files);
    expect(found.root.test).toBe('make test');
    expect(found.tools.sort()).toEqual(['bats', 'gnumake']);
    const just = await understood({ 'a.sh': script('true'), justfile: 'test:\n    ./a.sh\n' });
    expect(just.root.test).toBe('just test');
  });

  it('has the programs that it calls, and the shells that it is written for', async () => {
    const found = await understood({
      'fetch.sh': script('curl -fsSL "$1" | jq -r .name'),
      'prompt.zsh': 'autoload -U colors\n',
      'run.sh': '#!/usr/bin/env fish\necho hi\n',
    });
    expect(found.tools.sort()).toEqual(['curl', 'fish', 'jq', 'zsh']);
    expect(found.root.start).toBe('fish run.sh');
    expect(found.inputs).toContain('fetch.sh');
    expect(found.plan.tools.find(({ attribute }) => attribute === 'jq')?.because[0]).toMatchObject({
      file: 'fetch.sh',
      line: 3,
    });
  });

  it('is nothing beside a project, a site or sources of another language', async () => {
    const node = await understood({ 'package.json': '{"name":"x"}', 'deploy.sh': script('jq . a') });
    expect(node).toMatchObject({ languages: ['node'], tools: [] });
    const site = await understood({ 'index.html': '<p>', 'deploy.sh': script('rsync a b') });
    expect(site.languages).toEqual(['static']);
    const other = await understood({ 'build.sh': script('cc a.c'), 'src/a.xyz.c': '', 'src/b.c': '' });
    expect(other.languages).not.toContain('shell');
    expect((await understood({ 'test/fixtures/a.sh': script('true') })).codes).toEqual(['nothing-found']);
  });

  it('may hold anything', async () => {
    const found = await understood({
      'a.sh': `${'x='.repeat(100_000)}\n\u0007`,
      'b.sh': '`'.repeat(100_000),
    });
    expect(found.languages).toEqual(['shell']);
  });
});
