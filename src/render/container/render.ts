/** The files of the container target. */
import boot from '../../../templates/container/boot.sh?text';
import policy from '../../../templates/container/docker-policy.mjs?text';
import buildScript from '../../../templates/container/toolchain/build.sh?text';
import toolchain from '../../../templates/container/toolchain/default.nix?text';
import type { Plan } from '../../plan/schema.ts';
import { flakeLock } from '../flake-lock.ts';
import { shellNix } from '../shell-nix.ts';
import { type GeneratedFile, inRepository, type Placing } from '../types.ts';
import { compose } from './compose.ts';
import { devcontainer } from './devcontainer.ts';
import { dockerfile } from './dockerfile.ts';
import { type ContainerFile, toolchainArchive } from './files.ts';
import { seccompProfile } from './seccomp.ts';
import { hasDocker } from './settings.ts';

/**
 * In the order in which they are shown. The context of the build is their folder, so that nothing else of the
 * repository is sent to a builder; what it takes of the repository's other files is copied there.
 *
 * @param placing where the paths are below
 */
export function renderContainer(plan: Plan, placing: Placing = inRepository): GeneratedFile[] {
  if (plan.container === undefined) return [];
  const { folder, toolchain: source } = plan.container;
  const withDocker = hasDocker(plan);
  const withNix = source !== 'features';
  const needsSeccomp = withDocker && plan.target.profile !== 'gvisor';
  const possible: [ContainerFile, string | null][] = [
    ['devcontainer.json', devcontainer(plan, placing)],
    ['Dockerfile', dockerfile(plan)],
    ['boot.sh', boot],
    ['compose.yaml', plan.target.profile === 'sidecar' ? compose(plan, placing) : null],
    ['docker-policy.mjs', withDocker ? policy : null],
    ['seccomp.json', needsSeccomp ? `${JSON.stringify(seccompProfile(), null, 2)}\n` : null],
    ['toolchain/build.sh', withNix ? buildScript : null],
    ['toolchain/default.nix', withNix ? toolchain : null],
    ['toolchain/flake.lock', withNix ? flakeLock(plan) : null],
    ['toolchain/shell.nix', withNix ? shellNix(plan) : null],
  ];
  const files = possible.filter((each): each is [ContainerFile, string] => each[1] !== null);
  const names = files.map(([name]) => name);
  files.splice(2, 0, ['.dockerignore', allowList(names, withNix)]);
  return files.map(([name, text]) => ({
    path: `${folder}/${name}`,
    text,
    mode: name === 'boot.sh' ? 0o755 : 0o644,
  }));
}

/** What is there and the Dockerfile does not copy; of `toolchain/` it takes everything. */
const notCopied: ReadonlySet<ContainerFile> = new Set([
  'devcontainer.json',
  'Dockerfile',
  'compose.yaml',
  'seccomp.json',
]);

/** Of the context, all that the Dockerfile copies. */
function allowList(names: readonly ContainerFile[], withNix: boolean): string {
  const copied = names.filter((name) => !notCopied.has(name));
  const allowed = [...copied, ...(withNix ? [toolchainArchive] : [])];
  return `${['*', ...allowed.map((each) => `!${each}`)].join('\n')}\n`;
}
