/** Guile and Haunt (dthompson.us/projects/haunt.html), CHICKEN (wiki.call-cc.org). */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

describe('Scheme', () => {
  it('with Haunt is a site', async () => {
    const found = await understood({ 'haunt.scm': '(use-modules (haunt site))\n', 'init.scm': '' });
    expect(found).toMatchObject({
      toolchains: ['scheme-default default'],
      languages: ['scheme'],
      frameworks: ['haunt'],
      tools: ['haunt'],
      root: { build: 'haunt build', start: 'haunt serve' },
      ports: [8080],
    });
    expect(found.plan.toolchains[0]?.attribute).toBe('guile_3_0');
  });

  it('of no other implementation is run by Guile', async () => {
    const found = await understood({ 'main.scm': '(display "hi")\n', 'lib.scm': '(define-module (lib))\n' });
    expect(found).toMatchObject({
      toolchains: ['scheme-default default'],
      root: { start: 'guile main.scm' },
    });
    expect((await understood({ 'a.scm': '(display 1)\n', 'b.scm': '' })).root).toEqual({});
  });

  it('is built as its configure.ac says, and what Guix reads is no program', async () => {
    const files = {
      'configure.ac':
        'AC_INIT([guile-zstd], [0.1.0])\nAM_INIT_AUTOMAKE\nGUILE_PKG([3.0 2.2])\nGUILE_PROGS\nPKG_CHECK_MODULES([ZSTD], [libzstd])\nAC_OUTPUT\n',
      'Makefile.am': 'SOURCES = zstd.scm\n',
      'zstd.scm': '(define-module (zstd))\n',
      'guix.scm': '(use-modules (guix packages))\n',
    };
    const found = await understood(files);
    expect(found.plan.libraries.map(({ key }) => key)).toEqual(['guile_3_0', 'zstd']);
    expect(found).toMatchObject({
      toolchains: ['scheme-default default'],
      languages: ['scheme'],
      tools: ['autoconf', 'automake', 'pkg-config', 'gnumake'],
      root: { build: 'autoreconf -fi && ./configure && make', test: 'make check' },
    });
    const { 'configure.ac': _, 'Makefile.am': __, ...sources } = files;
    expect((await understood(sources)).root).toEqual({});
    expect((await understood({ 'manifest.scm': '(specifications->manifest)\n' })).codes).toContain(
      'nothing-found',
    );
    const hall = await understood({ ...files, 'hall.scm': '(hall-description)\n' });
    expect(hall.root).toMatchObject({ build: 'autoreconf -fi && ./configure && make' });
  });

  it('of CHICKEN is recognised by its egg, or by what it imports', async () => {
    const egg = await understood({ 'hello.egg': '((version "1.0"))\n', 'hello.scm': '(module hello *)\n' });
    expect(egg).toMatchObject({ toolchains: ['chicken-default default'], compiler: 'default' });
    const found = await understood({ 'main.scm': '(import scheme (chicken base))\n(print 1)\n' });
    expect(found.root.start).toBe('csi -s main.scm');
  });

  it('is nothing where an egg is an archive, or another project is there', async () => {
    expect((await understood({ 'dist.egg': 'PK\u0003\u0004' })).codes).toEqual(['nothing-found']);
    const found = await understood({ 'package.json': '{"name":"x"}', 'queries/highlights.scm': '(a)\n' });
    expect(found.languages).toEqual(['node']);
  });
});
