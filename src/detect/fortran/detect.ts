/** Packages of the Fortran package manager: https://fpm.fortran-lang.org/spec/manifest.html */
import { entriesAt, stringAt, valueAt } from '../../parse/value.ts';
import { evidence, presence, shown } from '../evidence.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { isThere } from '../shared/paths.ts';
import { filesNamed, folderOf, isSideFolder, join } from '../shared/tree.ts';
import type { Detect, Need } from '../types.ts';

/** Packages that stand for something of the system: https://fpm.fortran-lang.org/spec/metapackages.html */
const metapackages: Readonly<Record<string, string>> = {
  mpi: 'mpi',
  hdf5: 'hdf5',
  netcdf: 'netcdf',
  blas: 'openblas',
};

export const detectFortran: Detect = async (context) => {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['fpm.toml'])) {
    const folder = folderOf(file.path);
    const isSide = isSideFolder(folder);
    const because = [presence(file.path, 'fortran/package')];
    needs.push({
      kind: 'toolchain',
      id: 'fortran',
      project: folder,
      requests: [],
      because,
      ...(isSide ? { optional: true } : {}),
    });
    const document = isSide ? null : await parseTomlFile(file);
    if (document === null) continue;
    const { value } = document;
    const name = stringAt(value, ['name']);
    const has = (part: string) => isThere(context.inventory, join(folder, part));
    const isProgram = has('app') || valueAt(value, ['executable']) !== undefined;
    needs.push(
      { kind: 'tool', id: 'fpm', project: folder, because },
      { kind: 'compiler', project: folder, because },
      {
        kind: 'project',
        path: folder,
        name: name === null ? null : shown(name),
        languages: ['fortran'],
        frameworks: [],
        packageManager: null,
        commands: {
          build: 'fpm build --profile release',
          ...(has('test') || valueAt(value, ['test']) !== undefined ? { test: 'fpm test' } : {}),
          ...(isProgram ? { start: 'fpm run --profile release', dev: 'fpm run' } : {}),
        },
        ports: [],
        because,
      },
    );
    for (const [dependency] of entriesAt(value, ['dependencies'])) {
      const id = Object.hasOwn(metapackages, dependency) ? metapackages[dependency] : undefined;
      const line = document.line(['dependencies', dependency]);
      if (id !== undefined)
        needs.push({
          kind: 'tool',
          id,
          project: folder,
          because: [evidence(file, line, 'fortran/metapackage')],
        });
    }
  }
  return needs;
};
