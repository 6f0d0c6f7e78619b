import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BuiltEnvironment } from '../../src/build/types.ts';
import type { StorePath } from '../../src/image/closure.ts';
import { folderWith } from '../support/folder.ts';

const hash = (letter: string) => letter.repeat(32);
export const bashPath = `/nix/store/${hash('b')}-bash-5.2`;
export const libraryPath = `/nix/store/${hash('c')}-glibc-2.40-66`;
export const environmentPath = `/nix/store/${hash('a')}-shell-environment`;

export const longName = `${'long-'.repeat(50)}end`;
export const hostileNames = [
  'with space',
  'new\nline',
  '-rf',
  '$(id)',
  'quote\'"',
  'back\\slash',
  'ünï',
  '😀',
];

/** A folder that looks like a store, with a closure of three paths. */
export function fakeStore(): { environment: BuiltEnvironment; closure: StorePath[]; directory: string } {
  const directory = path.join(folderWith(), 'nix/store');
  const put = (storePath: string, file: string, text: string | Uint8Array, mode = 0o444) => {
    const target = path.join(directory, path.basename(storePath), file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    chmodSync(target, mode);
  };
  put(environmentPath, 'activate', 'export A=1\n');
  put(environmentPath, 'bin/enter', `#!${bashPath}/bin/bash\nexec "$@"\n`, 0o555);
  put(bashPath, 'bin/bash', new Uint8Array(3_000_001).fill(7), 0o555);
  symlinkSync('bash', path.join(directory, path.basename(bashPath), 'bin/sh'));
  put(libraryPath, 'lib/libc.so.6', 'library', 0o555);
  put(libraryPath, 'lib/empty', '');
  put(libraryPath, `lib/${'deep/'.repeat(60)}file`, 'deep');
  put(libraryPath, `share/${longName.slice(0, 120)}`, 'longer than a header');
  put(libraryPath, `share/${longName.slice(0, 255)}`, 'as long as names may be');
  for (const name of hostileNames) put(libraryPath, `names/${name}`, name);
  writeFileSync(
    Buffer.concat([
      Buffer.from(path.join(directory, path.basename(libraryPath), 'names/')),
      Buffer.from([0xff, 0xfe]),
    ]),
    'no text',
  );
  symlinkSync(
    `/nix/store/${'far/'.repeat(40)}away`,
    path.join(directory, path.basename(libraryPath), 'long-link'),
  );
  symlinkSync('/etc/passwd', path.join(directory, path.basename(libraryPath), 'outside'));
  const closure: StorePath[] = [
    {
      path: environmentPath,
      narHash: 'a'.repeat(64),
      narSize: 500,
      references: [bashPath, libraryPath],
    },
    { path: bashPath, narHash: 'b'.repeat(64), narSize: 3_000_300, references: [libraryPath] },
    { path: libraryPath, narHash: null, narSize: 2_000, references: [] },
  ];
  const paths = closure.map((each) => each.path);
  return {
    directory,
    closure,
    environment: { name: 'default', storePath: environmentPath, storeDirectory: directory, closure: paths },
  };
}
