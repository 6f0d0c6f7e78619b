/** Fortran by fpm (fpm.fortran-lang.org), Ada by Alire (alire.ada.dev) and by GNAT's project files. */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

describe('Fortran', () => {
  it('is built, tested and run by fpm', async () => {
    const found = await understood({
      'fpm.toml': 'name = "hello"\n[dependencies]\nmpi = "*"\nstdlib = "*"\n',
      'app/main.f90': '',
      'test/check.f90': '',
    });
    expect(found).toMatchObject({
      toolchains: ['fortran-default default'],
      languages: ['fortran'],
      compiler: 'default',
      root: { build: 'fpm build --profile release', test: 'fpm test', start: 'fpm run --profile release' },
    });
    expect(found.plan.toolchains[0]?.attribute).toBe('gfortran');
    expect(found.tools.sort()).toEqual(['fortran-fpm', 'mpi']);
  });

  it('of a library starts nothing; an example adds nothing; a broken manifest is told', async () => {
    expect((await understood({ 'fpm.toml': 'name = "lib"\n', 'src/a.f90': '' })).root.start).toBeUndefined();
    const beside = await understood({
      'package.json': '{"name":"x"}',
      'examples/a/fpm.toml': 'name = "a"\n',
    });
    expect(beside.toolchains).toHaveLength(1);
    expect((await understood({ 'fpm.toml': 'name = \n' })).codes).toContain('unreadable-manifest');
  });
});

describe('Ada', () => {
  it('is built and run by Alire', async () => {
    const found = await understood({
      'alire.toml': 'name = "hello"\nversion = "0.1.0"\nexecutables = ["hello"]\n',
    });
    expect(found).toMatchObject({
      toolchains: ['ada-default default'],
      languages: ['ada'],
      tools: ['alire', 'gprbuild'],
      root: { build: 'alr --non-interactive build --release', start: 'alr run hello' },
    });
    expect((await understood({ 'alire.toml': 'name = "lib"\n' })).root.start).toBeUndefined();
  });

  it('is built by gprbuild where a project file at the root says how', async () => {
    const gpr =
      'project Hello is\n   -- for Exec_Dir use "elsewhere";\n   for Source_Dirs use ("src");\n   for Object_Dir use "obj";\n   for Exec_Dir use "bin";\n   for Main use ("hello.adb");\nend Hello;\n';
    const found = await understood({ 'hello.gpr': gpr, 'tests/tests.gpr': 'project Tests is\nend Tests;\n' });
    expect(found).toMatchObject({
      toolchains: ['ada-default default'],
      languages: ['ada'],
      compiler: 'default',
      root: { build: 'gprbuild -p -P hello.gpr', start: './bin/hello' },
      tools: ['gprbuild'],
    });
    const computed = gpr.replace('"bin"', '"bin/" & Mode');
    expect((await understood({ 'hello.gpr': computed })).root).not.toHaveProperty('start');
    expect((await understood({ 'hello.gpr': gpr, 'alire.toml': 'name = "hello"\n' })).root.build).toMatch(
      /^alr /,
    );
    const deep = await understood({ 'package.json': '{"name":"x"}', 'bindings/ada/x.gpr': gpr });
    expect(deep.languages).toEqual(['node']);
  });
});
