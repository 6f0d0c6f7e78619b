/** Project files of GNAT: https://docs.adacore.com/gprbuild-docs/html/gprbuild_ug/gnat_project_manager.html */
import type { ClaimedFile } from '../../scan/types.ts';
import { presence } from '../evidence.ts';
import { shellWord } from '../shared/shell-word.ts';
import { folderOf, nameOf } from '../shared/tree.ts';
import type { DetectContext, Need } from '../types.ts';

/**
 * A project file at the root that no manifest of Alire describes. Those in folders are mostly bindings and tests of
 * something else.
 */
export function projectOfGnat({ inventory }: DetectContext): Need[] {
  const files = [...inventory.files.values()].filter(
    ({ path }) => path.endsWith('.gpr') && folderOf(path) === '.',
  );
  const file = chosen(files);
  return file === undefined || inventory.files.has('alire.toml') ? [] : needsOf('.', file);
}

/** gprbuild takes `default.gpr`, or the only one; else the first that has programs. */
function chosen(files: readonly ClaimedFile[]): ClaimedFile | undefined {
  return (
    files.find(({ path }) => nameOf(path) === 'default.gpr') ??
    files.find(({ text }) => /\bfor\s+Main\s+use\b/i.test(text ?? '')) ??
    files[0]
  );
}

function needsOf(folder: string, file: ClaimedFile): Need[] {
  const because = [presence(file.path, 'ada/project-file')];
  const name = shellWord(nameOf(file.path));
  const start = programOf(file.text ?? '');
  return [
    { kind: 'toolchain', id: 'ada', project: folder, requests: [], because },
    { kind: 'tool', id: 'gprbuild', project: folder, because },
    { kind: 'compiler', project: folder, because },
    {
      kind: 'project',
      path: folder,
      name: null,
      languages: ['ada'],
      frameworks: [],
      packageManager: null,
      commands: {
        ...(name === null ? {} : { build: `gprbuild -p -P ${name}` }),
        ...(start === null ? {} : { start }),
      },
      ports: [],
      because,
    },
  ];
}

/** The program that it builds, where it is one and its folder is said in plain text. */
function programOf(text: string): string | null {
  const code = text.replace(/--.*$/gm, '');
  const main = valuesOf(code, 'Main');
  if (main?.length !== 1) return null;
  // Names of folders that are computed are not known.
  const folders = ['Exec_Dir', 'Object_Dir'].map((attribute) => valuesOf(code, attribute));
  if (folders.some((values) => values !== null && values.length !== 1)) return null;
  const [folder = '.'] = folders.flatMap((values) => values ?? []);
  const program = (main[0] ?? '').replace(/\.(adb|ads|ada)$/i, '');
  return shellWord(
    `./${folder === '.' ? '' : `${folder.replace(/^\.\//, '').replace(/\/+$/, '')}/`}${program}`,
  );
}

/** The literals of an attribute that is set once; none where they are not literals; null where it is not set. */
function valuesOf(code: string, attribute: string): string[] | null {
  const found = [...code.matchAll(new RegExp(`\\bfor\\s+${attribute}\\s+use\\b([^;]{0,500});`, 'gi'))];
  if (found.length === 0) return null;
  const value = found.length === 1 ? (found[0]?.[1] ?? '') : '';
  return /^[\s(]*"[\w./ -]{1,200}"(\s*,\s*"[\w./ -]{1,200}"){0,20}[\s)]*$/.test(value)
    ? [...value.matchAll(/"([^"]*)"/g)].map(([, literal = '']) => literal)
    : [];
}
