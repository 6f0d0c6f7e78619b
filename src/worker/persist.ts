/**
 * Folders that outlive the image: the repository with its changes, sessions of agents. They are on a volume, mounted
 * where the image has them, and never in a layer. An init container of the same image copies what the image has there
 * onto the volume, once: afterwards the volume's is the valid one.
 */
import { createHash } from 'node:crypto';
import { usage } from '../errors.ts';
import { workFolder } from './command.ts';
import type { Container, PodOptions, SecurityContext } from './types.ts';

export interface Folder {
  /** Absolute. */
  path: string;
  /** Its folder on the volume. */
  key: string;
  /** Kept, or only shared by the containers of one pod. */
  volume: 'state' | 'workspace';
}

const mounted = '/nidify-volume';

/**
 * The folders of a worker. Where an engine in another container mounts parts of the repository, that is on a volume
 * in any case.
 *
 * @throws NidifyError `usage` (exit 2)
 */
export function folders({ persist, home, profile }: PodOptions): Folder[] {
  const paths = persist.map((given) => absolute(given, home));
  const twice = paths.find((one, at) =>
    paths.some((other, index) => index !== at && `${one}/`.startsWith(`${other}/`)),
  );
  if (twice !== undefined) {
    throw usage(
      `--persist ${twice} is named twice, or lies in another folder that is kept`,
      'Name the outer one.',
    );
  }
  const kept = paths.map((path): Folder => ({ path, key: keyOf(path), volume: 'state' }));
  const hasWork = kept.some(({ path }) => path === workFolder);
  return profile === 'sidecar' && !hasWork
    ? [...kept, { path: workFolder, key: keyOf(workFolder), volume: 'workspace' }]
    : kept;
}

/** @param given `~/.claude`, `/work`, or `.`: the repository */
function absolute(given: string, home: string): string {
  const path = given === '.' ? workFolder : given.replace(/^~(?=\/)/, home).replace(/(?<=.)\/+$/, '');
  const segments = path.split('/').slice(1);
  const isClean = path.startsWith('/') && segments.every((each) => each !== '' && !/^\.\.?$/.test(each));
  if (!isClean || path === home || /[\p{Cc}:]/u.test(path)) {
    throw usage(
      `--persist ${JSON.stringify(given)} is no folder that can be kept`,
      'Name a folder below the home (~/.claude), an absolute one, or . for the repository.',
    );
  }
  return path;
}

/** Readable, and different for different paths. */
function keyOf(path: string): string {
  const words = path
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return `${words}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

export function mountsOf(folders: readonly Folder[]): NonNullable<Container['volumeMounts']> {
  return folders.map(({ volume, path, key }) => ({ name: volume, mountPath: path, subPath: key }));
}

export function volumesOf(folders: readonly Folder[], claim: string): object[] {
  return [
    ...(folders.some(({ volume }) => volume === 'state')
      ? [{ name: 'state', persistentVolumeClaim: { claimName: claim } }]
      : []),
    ...(folders.some(({ volume }) => volume === 'workspace') ? [{ name: 'workspace', emptyDir: {} }] : []),
  ];
}

/**
 * Copies beside the folder and renames: a pod that ends in between leaves no half of a copy that would count as a
 * whole one. Arguments: pairs of the image's path and the volume's.
 */
const copyOnce = `set -eu
while [ "$#" -gt 0 ]; do
  from=$1 to=$2
  shift 2
  [ ! -e "$to" ] || continue
  mkdir -p "\${to%/*}"
  rm -rf "$to.partial"
  if [ -e "$from" ]; then cp -R -P -p "$from" "$to.partial"; else mkdir "$to.partial"; fi
  mv "$to.partial" "$to"
done`;

export function migration(
  { image }: PodOptions,
  folders: readonly Folder[],
  resources: Container['resources'],
  securityContext: SecurityContext,
): Container[] {
  if (folders.length === 0) return [];
  const volumes = [...new Set(folders.map(({ volume }) => volume))];
  return [
    {
      name: 'migrate',
      image,
      // By the image's entry point, which has the programs.
      args: [
        ...['sh', '-c', copyOnce, 'migrate'],
        ...folders.flatMap(({ volume, path, key }) => [path, `${mounted}/${volume}/${key}`]),
      ],
      resources,
      securityContext,
      volumeMounts: volumes.map((name) => ({ name, mountPath: `${mounted}/${name}` })),
    },
  ];
}
