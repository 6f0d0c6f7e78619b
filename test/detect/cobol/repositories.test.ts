/** GnuCOBOL: https://gnucobol.sourceforge.io/HTML/gnucobpg.html (compiling, source format, calling subprograms). */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const program = (name: string, body = 'DISPLAY "Hello".') =>
  [
    '       IDENTIFICATION DIVISION.',
    `       PROGRAM-ID. ${name}.`,
    '       PROCEDURE DIVISION.',
    `           ${body}`,
    '           STOP RUN.',
    '',
  ].join('\n');

describe('COBOL', () => {
  it('without a manifest is compiled and started', async () => {
    const found = await understood({ 'hello.cbl': program('HELLO') });
    expect(found).toMatchObject({
      toolchains: ['cobol-default default'],
      languages: ['cobol'],
      tools: ['gcc', 'gmp'],
      compiler: 'default',
      root: { build: 'cobc -x -o hello hello.cbl', start: './hello' },
      codes: [],
    });
    expect(found.plan.toolchains[0]?.attribute).toBe('gnucobol');
  });

  it('starts with index or main, at the root or in src', async () => {
    const several = { 'a.cbl': program('A'), 'b.cbl': program('B'), 'index.cbl': program('INDEX') };
    expect((await understood(several)).root.build).toBe('cobc -x -o index index.cbl');
    const nested = { 'src/MAIN.COB': program('MAIN'), 'src/other.cob': program('OTHER') };
    expect((await understood(nested)).root).toEqual({
      build: 'cobc -x -o MAIN src/MAIN.COB',
      start: './MAIN',
    });
  });

  it('is built by the Makefile that calls the compiler', async () => {
    const files = { 'src/PAY.cbl': program('PAY'), 'src/TAX.cbl': program('TAX') };
    const made = await understood({
      ...files,
      Makefile:
        'all: pay\npay: src/PAY.cbl\n\tcobc -x -free -o $@ $<\ntest: pay\n\t./pay\nrun: pay\n\t./pay\n',
    });
    expect(made.root).toEqual({ build: 'make', test: 'make test', start: 'make run' });
    expect(made.tools).toContain('gnumake');
    expect(made.codes).toEqual([]);
    const other = await understood({ ...files, Makefile: 'docs:\n\tpandoc a.md\n' });
    expect(other.codes).toEqual(['entry-point-unknown']);
  });

  it('that has several programs says so', async () => {
    const found = await understood({ 'a.cbl': program('A'), 'b.cbl': program('B') });
    expect(found.root).toEqual({});
    expect(found.codes).toEqual(['entry-point-unknown']);
  });

  it('is compiled together with what it calls, and with its copybooks', async () => {
    const sub = program('TAX').replace('PROCEDURE DIVISION.', 'PROCEDURE DIVISION USING X.');
    const found = await understood({
      'pay.cbl': program('PAY', "CALL 'TAX' USING X."),
      'tax.cbl': sub,
      'copybooks/emp.cpy': '       01 EMP.\n',
    });
    expect(found.root.build).toBe('cobc -x -I copybooks -o pay pay.cbl tax.cbl');
  });

  it('in free format is told so, unless the source says it', async () => {
    const free = 'IDENTIFICATION DIVISION.\nPROGRAM-ID. A.\nPROCEDURE DIVISION.\nSTOP RUN.\n';
    expect((await understood({ 'a.cob': free })).root.build).toBe('cobc -x -free -o a a.cob');
    const said = `       >>SOURCE FORMAT IS FREE\n${free}`;
    expect((await understood({ 'a.cob': said })).root.build).toBe('cobc -x -o a a.cob');
    const numbered = '000100 IDENTIFICATION DIVISION.\n000200 PROGRAM-ID. A.\n';
    expect((await understood({ 'a.cob': numbered })).root.build).toBe('cobc -x -o a a.cob');
  });

  it('beside another project, or in its samples, is nobody’s', async () => {
    const found = await understood({ 'package.json': '{"name":"x"}', 'hello.cbl': program('HELLO') });
    expect(found.toolchains.map((each) => each.split('-')[0])).toEqual(['node']);
    expect((await understood({ 'samples/hello.cbl': program('HELLO') })).codes).toEqual(['nothing-found']);
  });
});
