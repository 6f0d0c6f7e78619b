/** Executables of dune: https://dune.readthedocs.io/en/stable/reference/dune/executable.html */
import { atoms, fields, type Sexp } from './dune.ts';

export interface DuneFile {
  /** From the project's folder; empty for it itself. */
  folder: string;
  items: readonly Sexp[];
}

interface Program {
  /** What `dune exec` takes. */
  name: string;
  /** The file that it is built as, without its folder. */
  file: string;
  isInstalled: boolean;
  /** It finds out what the system has, for the build. */
  isConfigurator: boolean;
}

/**
 * The project's only program: of those that it installs, where it installs any, else of those that no rule, test or
 * other stanza runs, which are helpers of the build.
 */
export function programOf(files: readonly DuneFile[]): string | null {
  const programs = files.flatMap(programsOf);
  const installed = programs.filter(({ isInstalled }) => isInstalled);
  // Something else is installed: a copy that a rule makes.
  if (installed.length === 0 && files.some(({ items }) => installedFiles(items).size > 0)) return null;
  const used = usedFiles(files);
  const own =
    installed.length > 0
      ? installed
      : programs.filter(({ file, isConfigurator }) => !isConfigurator && !used.has(file));
  const [program, ...others] = own;
  return program !== undefined && others.length === 0 && /^[\w./-]+$/.test(program.name)
    ? program.name
    : null;
}

function programsOf({ folder, items }: DuneFile): Program[] {
  const files = installedFiles(items);
  const stanzas = [
    ...fields(items, 'executable').map((each) => ({ ...each, names: 'name', published: 'public_name' })),
    ...fields(items, 'executables').map((each) => ({ ...each, names: 'names', published: 'public_names' })),
  ];
  return stanzas.flatMap(({ rest, names, published }) => {
    const known = atoms(fields(rest, published)[0]?.rest ?? []);
    const libraries = atoms(fields(rest, 'libraries')[0]?.rest ?? []);
    const isConfigurator = libraries.some((name) => /^dune[.-]configurator$/.test(name));
    return atoms(fields(rest, names)[0]?.rest ?? []).map((name, at): Program => {
      const file = `${name}.exe`;
      // `-` stands for one of several that is not installed.
      const publicName = known[at] === '-' ? undefined : known[at];
      return {
        name: publicName ?? `./${folder === '' ? '' : `${folder}/`}${file}`,
        file,
        isInstalled: publicName !== undefined || files.has(file),
        isConfigurator,
      };
    });
  });
}

/** https://dune.readthedocs.io/en/stable/reference/dune/install.html */
function installedFiles(items: readonly Sexp[]): ReadonlySet<string> {
  const ofPrograms = fields(items, 'install').filter(({ rest }) =>
    atoms(fields(rest, 'section')[0]?.rest ?? []).includes('bin'),
  );
  return new Set(
    ofPrograms.flatMap(({ rest }) => fields(rest, 'files').flatMap((each) => allAtoms(each.rest))),
  );
}

/** Names of executables in the stanzas that say what is run or built on the way: `%{exe:gen.exe}`, `./discover.exe`. */
function usedFiles(files: readonly DuneFile[]): ReadonlySet<string> {
  const stanzas = files.flatMap(({ items }) => items);
  const texts = stanzas.flatMap((item) => {
    if (!('list' in item)) return [];
    const [head] = item.list;
    const isOther = head !== undefined && 'atom' in head && head.atom === 'install';
    return isOther ? [] : allAtoms(item.list);
  });
  const named = texts.filter((text) => /\.exe\}?$/.test(text));
  return new Set(named.map((text) => text.replace(/\}$/, '').split(/[/:]/).at(-1) ?? ''));
}

function allAtoms(items: readonly Sexp[]): string[] {
  return items.flatMap((item) => ('atom' in item ? [item.atom] : allAtoms(item.list)));
}
