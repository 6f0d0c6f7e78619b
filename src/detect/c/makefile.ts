/** A hand-written Makefile: https://www.gnu.org/software/make/manual/make.html */
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { type BuildFacts, emptyFacts, isPlainWord } from './facts.ts';

const target = /^(?<names>[^\s:#=$(][^:#=$]{0,200}):(?![:=])/;
const assignment =
  /^\s*(?:export\s+|override\s+)?(?<name>[A-Za-z_]\w{0,60})\s*(?<operator>:{0,3}|\+|\?|!)=\s*(?<value>.*)$/;
const programVariable = /^(TARGET|PROGRAM|PROG|EXEC|EXECUTABLE|BIN|BINARY|OUT|OUTPUT|APP|APPNAME|NAME|EXE)$/;

export function readMakefile(file: ClaimedFile): BuildFacts {
  const facts = emptyFacts(evidence(file, 1, 'c/makefile'));
  const targets = new Set<string>();
  const variables = new Map<string, string>();
  const expanded = new Set<string>();
  for (const [at, raw] of (file.text ?? '').split('\n').entries()) {
    const line = raw.slice(0, 2000).replace(/(^|\s)#.*$/, '');
    const { names } = target.exec(line)?.groups ?? {};
    for (const name of names?.trim().split(/\s+/) ?? []) targets.add(name);
    for (const [, name = ''] of line.matchAll(/^\$[({](\w+)[)}]\s*:/g)) expanded.add(name);
    const { name, operator, value = '' } = assignment.exec(line)?.groups ?? {};
    if (name !== undefined) {
      if (!variables.has(name)) variables.set(name, value.trim());
      otherCompilers(facts, file, at + 1, name, value);
      if ((name === 'CC' || name === 'CXX') && operator !== '+') {
        facts.compilers.push({ value: value.trim(), because: evidence(file, at + 1, 'c/makefile-compiler') });
      }
    }
    if (/-std=(c|gnu)\d/.test(line)) facts.saysStandard = true;
    libraries(facts, file, line, at + 1);
  }
  facts.tools.push({ value: 'make', because: evidence(file, 1, 'c/makefile') });
  const test = ['test', 'check', 'tests'].find((name) => targets.has(name));
  const program = [...variables].find(
    ([name, value]) => programVariable.test(name) && expanded.has(name) && isPlainWord(value),
  )?.[1];
  const start = targets.has('run')
    ? 'make run'
    : program === undefined
      ? null
      : `./${program.replace(/^\.\//, '')}`;
  facts.commands = {
    build: 'make',
    ...(test === undefined ? {} : { test: `make ${test}` }),
    ...(start === null ? {} : { start }),
  };
  return facts;
}

/** Fortran compilers that nidify does not give. */
const otherFortran = /^(ifort|ifx|nvfortran|pgfortran|pgf\d\d|flang|flang-new|nagfor|lfortran)(?=\s|$)/;

/** `FC = gfortran`; wrappers of MPI, which find the compilers by themselves. */
function otherCompilers(
  facts: BuildFacts,
  file: ClaimedFile,
  line: number,
  name: string,
  value: string,
): void {
  const because = evidence(file, line, 'c/makefile-compiler');
  const isFortran = /^(FC|F77|F90|F95)$/.test(name);
  if (!isFortran && !/^(CC|CXX|LD)$/.test(name)) return;
  if (/^mpi(cc|cxx|c\+\+|CC|f77|f90|fort)(?=\s|$)/.test(value)) facts.tools.push({ value: 'mpi', because });
  if (!isFortran) return;
  const other = otherFortran.exec(value)?.[0];
  if (other === undefined) facts.tools.push({ value: 'gfortran', because });
  else {
    facts.findings.push({
      kind: 'finding',
      code: 'compiler-missing',
      severity: 'warning',
      message: `${file.path}:${line} builds with ${other}, a compiler that nidify does not give`,
      hint: `gfortran is there: make ${name}=gfortran`,
      because: [because],
    });
  }
}

/** `-lssl`, and modules that pkg-config is asked for. */
function libraries(facts: BuildFacts, file: ClaimedFile, line: string, number: number): void {
  const because = () => evidence(file, number, 'c/makefile-library');
  for (const [, name = ''] of line.matchAll(/(?:^|[\s=])-l([A-Za-z][\w+.-]{0,60})/g)) {
    facts.wanted.push({ keys: [`library:${name}`], isRequired: false, because: because() });
  }
  for (const [, words = ''] of line.matchAll(
    /(?:\bpkg-config|\$[({]PKG_?CONFIG[)}])((?:\s+[\w+.-]+){1,30})/g,
  )) {
    facts.tools.push({ value: 'pkg-config', because: because() });
    for (const name of words
      .trim()
      .split(/\s+/)
      .filter((word) => !word.startsWith('-'))) {
      facts.wanted.push({ keys: [`pkg-config:${name}`], isRequired: true, because: because() });
    }
  }
}
