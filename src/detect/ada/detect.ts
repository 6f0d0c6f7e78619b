/** Crates of Alire (https://alire.ada.dev/docs/#manifest), and a project of GNAT without one. */
import { stringAt, stringsAt } from '../../parse/value.ts';
import { presence, shown } from '../evidence.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { shellWord } from '../shared/shell-word.ts';
import { filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import type { Detect, Need } from '../types.ts';
import { projectOfGnat } from './project-files.ts';

export const detectAda: Detect = async (context) => {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['alire.toml'])) {
    const folder = folderOf(file.path);
    const isSide = isSideFolder(folder);
    const because = [presence(file.path, 'ada/crate')];
    needs.push({
      kind: 'toolchain',
      id: 'ada',
      project: folder,
      requests: [],
      because,
      ...(isSide ? { optional: true } : {}),
    });
    const document = isSide ? null : await parseTomlFile(file);
    if (document === null) continue;
    const name = stringAt(document.value, ['name']);
    const programs = stringsAt(document.value, ['executables']);
    const word = programs.length === 1 ? shellWord(programs[0] ?? '') : null;
    const isProgram = programs.length > 0;
    needs.push(
      { kind: 'tool', id: 'alire', project: folder, because },
      // The one that Alire would download does not start on NixOS.
      { kind: 'tool', id: 'gprbuild', project: folder, because },
      { kind: 'compiler', project: folder, because },
      {
        kind: 'project',
        path: folder,
        name: name === null ? null : shown(name),
        languages: ['ada'],
        frameworks: [],
        packageManager: null,
        commands: {
          build: 'alr --non-interactive build --release',
          ...(isProgram
            ? { start: word === null || programs.length > 1 ? 'alr run' : `alr run ${word}` }
            : {}),
        },
        ports: [],
        because,
      },
    );
  }
  return [...needs, ...projectOfGnat(context)];
};
