import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { BuiltEnvironment } from '../build/types.ts';
import { folder, link, textFile } from './store-files.ts';
import type { TarEntry } from './tar.ts';

/** Who runs in the image. Many clusters refuse to run root; 1000 is the user that most volumes belong to. */
export const user = { name: 'nidify', id: 1000, home: '/home/nidify', workFolder: '/work' } as const;

/**
 * The last layer: what programs expect of a system around them. `/bin/sh`, `/usr/bin/env` and the
 * certificates are links into the closure; each is there only when the closure has what it names.
 */
export function systemFiles(environment: BuiltEnvironment): TarEntry[] {
  const find = storeFinder(environment);
  const shell = interpreterOf(environment, find);
  const env = find('bin/env', /-coreutils-/);
  const certificates = find('etc/ssl/certs/ca-bundle.crt', /-cacert/);
  return [
    folder('bin', 0o755, 0),
    ...(shell === null ? [] : [link('bin/sh', shell)]),
    folder('etc', 0o755, 0),
    textFile('etc/group', `root:x:0:\n${user.name}:x:${user.id}:\nnogroup:x:65534:\n`),
    textFile('etc/nsswitch.conf', 'hosts: files dns\n'),
    textFile('etc/passwd', passwd(shell === null ? '/bin/false' : '/bin/sh')),
    ...(certificates === null
      ? []
      : [
          folder('etc/pki', 0o755, 0),
          folder('etc/pki/tls', 0o755, 0),
          folder('etc/pki/tls/certs', 0o755, 0),
          link('etc/pki/tls/certs/ca-bundle.crt', certificates),
          folder('etc/ssl', 0o755, 0),
          folder('etc/ssl/certs', 0o755, 0),
          link('etc/ssl/certs/ca-bundle.crt', certificates),
          link('etc/ssl/certs/ca-certificates.crt', certificates),
        ]),
    folder('home', 0o755, 0),
    folder(user.home.slice(1), 0o755, user.id),
    folder('tmp', 0o1777, 0),
    folder('usr', 0o755, 0),
    folder('usr/bin', 0o755, 0),
    ...(env === null ? [] : [link('usr/bin/env', env)]),
    folder('var', 0o755, 0),
    folder('var/tmp', 0o1777, 0),
    folder(user.workFolder.slice(1), 0o755, user.id),
  ];
}

function passwd(shell: string): string {
  return [
    `root:x:0:0:root:/root:${shell}`,
    `${user.name}:x:${user.id}:${user.id}:${user.name}:${user.home}:${shell}`,
    'nobody:x:65534:65534:nobody:/var/empty:/bin/false',
    '',
  ].join('\n');
}

type Find = (file: string, preferred: RegExp) => string | null;

/** Looks a file up in the paths of the closure, those with the preferred name first. */
function storeFinder({ closure, storeDirectory }: BuiltEnvironment): Find {
  const sorted = [...closure].sort();
  return (file, preferred) => {
    const ordered = [
      ...sorted.filter((each) => preferred.test(each)),
      ...sorted.filter((each) => !preferred.test(each)),
    ];
    const found = ordered.find((each) => isThere(onThisMachine(path.join(each, file), storeDirectory)));
    return found === undefined ? null : path.join(found, file);
  };
}

/** `sh` beside the shell that `bin/enter` itself runs with, which is there for certain. */
function interpreterOf({ storePath, storeDirectory }: BuiltEnvironment, find: Find): string | null {
  const first = firstLine(onThisMachine(path.join(storePath, 'bin/enter'), storeDirectory));
  const interpreter = /^#!\s*(?<file>\/nix\/store\/\S+)/.exec(first)?.groups?.file;
  if (interpreter === undefined) return find('bin/sh', /-bash-/);
  const beside = path.join(path.dirname(interpreter), 'sh');
  return isThere(onThisMachine(beside, storeDirectory)) ? beside : interpreter;
}

function firstLine(file: string): string {
  if (!isThere(file)) return '';
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(512);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes)).split('\n')[0] ?? '';
  } finally {
    closeSync(descriptor);
  }
}

/** Where a file of the store is read here. */
function onThisMachine(file: string, storeDirectory: string | null): string {
  return storeDirectory === null ? file : path.join(storeDirectory, path.relative('/nix/store', file));
}

/** Without following a link, which names a place in the image and not on this machine. */
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
