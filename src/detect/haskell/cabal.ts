/** *.cabal: https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html */

export interface CabalValue {
  text: string;
  /** From 1. */
  line: number;
}

export interface HaskellPackage {
  name: string | null;
  testedWith: CabalValue | null;
  /** Bounds of `base`, as each component has them. */
  base: CabalValue[];
  dependencies: { name: string; line: number }[];
  /** Those that are built without a flag being set. */
  executables: string[];
  hasTests: boolean;
  /** Libraries of the system: `library:z`, `pkg-config:libpq`. */
  libraries: { key: string; line: number }[];
}

const section =
  /^(?<kind>library|executable|test-suite|benchmark|common|flag|foreign-library|source-repository|custom-setup)\b\s*(?<name>[^\s{]*)/i;
const field = /^(?<indent>\s*)(?<name>[A-Za-z][\w-]*)\s*:(?<value>.*)$/;
const condition = /^(?<indent>\s*)(?:if|elif)\s+(?<test>.*)$/;

/** Reads what components need on Linux; of other conditions it is taken that they hold. */
export function parseCabal(text: string): HaskellPackage {
  const found: HaskellPackage = {
    name: null,
    testedWith: null,
    base: [],
    dependencies: [],
    executables: [],
    hasTests: false,
    libraries: [],
  };
  let open: { name: string; indent: number; value: CabalValue } | null = null;
  let elsewhere: number | null = null;
  let executable: string | null = null;
  const close = () => {
    // Below a condition, it hangs on a flag, most often of an example that is off.
    if (open?.name === 'buildable' && /^\s*false\b/i.test(open.value.text))
      found.executables = found.executables.filter((name) => name !== executable);
    else if (open !== null) apply(found, open.name, open.value);
    open = null;
  };
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.slice(0, 4000).replace(/\r$/, '');
    if (/^\s*(--|$)/.test(line)) continue;
    const indent = /^\s*/.exec(line)?.[0].length ?? 0;
    if (elsewhere !== null && indent > elsewhere) continue;
    elsewhere = null;
    const current: typeof open = open;
    const match = field.exec(line)?.groups;
    const isContinued = current !== null && indent > (current as { indent: number }).indent;
    const test = condition.exec(line)?.groups?.test;
    if (test !== undefined && !isContinued) {
      close();
      if (/^!?\s*(?:\(\s*)?os\(\s*(windows|mingw32|darwin|osx|freebsd)/i.test(test) && !test.startsWith('!'))
        elsewhere = indent;
    } else if (match !== undefined && !(isContinued && /^\s*[,:]/.test(line))) {
      close();
      open = {
        name: (match.name ?? '').toLowerCase(),
        indent,
        value: { text: match.value ?? '', line: at + 1 },
      };
    } else if (isContinued) {
      const { value } = current as { value: CabalValue };
      if (value.text.length < 20_000) value.text += `\n${line}`;
    } else {
      close();
      const { kind, name = '' } = section.exec(line)?.groups ?? {};
      if (kind !== undefined) executable = kind.toLowerCase() === 'executable' && name !== '' ? name : null;
      if (kind !== undefined && executable !== null) found.executables.push(executable);
      if (kind?.toLowerCase() === 'test-suite') found.hasTests = true;
    }
  }
  close();
  return found;
}

function apply(found: HaskellPackage, name: string, value: CabalValue): void {
  if (name === 'name') found.name ??= plainName(value.text);
  else if (name === 'tested-with')
    found.testedWith ??= { ...value, text: value.text.replace(/\s+/g, ' ').trim() };
  else if (name === 'build-depends') addDependencies(found, value);
  else if (name === 'extra-libraries') addLibraries(found, 'library', value);
  else if (name === 'pkgconfig-depends') addLibraries(found, 'pkg-config', value);
}

/** Entries with commas between them, perhaps over many lines. */
export function addDependencies(found: HaskellPackage, { text, line }: CabalValue): void {
  let number = line;
  for (const entry of text.split(',')) {
    const begin = number + (/^\s*/.exec(entry)?.[0].split('\n').length ?? 1) - 1;
    number += entry.split('\n').length - 1;
    const { name, bounds = '' } =
      /^\s*(?<name>[A-Za-z][\w-]*)(?::[\w-]+|:\{[^}]*\})?\s*(?<bounds>[\s\S]*)$/.exec(entry)?.groups ?? {};
    if (name === undefined) continue;
    const plain = bounds
      .replace(/--[^\n]*/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    if (name === 'base' && plain !== '') found.base.push({ text: plain, line: begin });
    found.dependencies.push({ name, line: begin });
  }
}

function addLibraries(found: HaskellPackage, kind: string, { text, line }: CabalValue): void {
  for (const [at, row] of text.split('\n').entries()) {
    for (const entry of row.split(',')) {
      const name = /^\s*(?<name>[A-Za-z][\w.+-]*)/.exec(entry)?.groups?.name;
      if (name !== undefined) found.libraries.push({ key: `${kind}:${name}`, line: line + at });
    }
  }
}

function plainName(text: string): string | null {
  return /^\s*(?<name>[A-Za-z0-9][\w-]{0,100})\s*$/.exec(text)?.groups?.name ?? null;
}
