import { integrationFiles } from '../render/ci/files.ts';
import { containerFiles, containerFolders } from '../render/container/files.ts';

/**
 * Names of the files that nidify writes, besides the lock. A lock comes with the repository: one that named
 * `package.json` as an output would have it deleted by `clean`, and left out of the evidence.
 */
const names = new Set<string>([
  ...[
    'flake.nix',
    'flake.lock',
    'shell.nix',
    'services.nix',
    'package.nix',
    '.envrc',
    'process-compose.yaml',
  ],
  ...Object.values(integrationFiles).flat(),
  ...containerFolders.flatMap((folder) => containerFiles.map((name) => `${folder}/${name}`)),
]);
/** Whether a path, from the output folder, is that of a file which nidify may have written. */
export function isOutputName(path: string): boolean {
  return names.has(path);
}
