/** The files of the container target. */
import boot from '../../../templates/container/boot.sh?text';
import policy from '../../../templates/container/docker-policy.mjs?text';
import buildScript from '../../../templates/container/toolchain/build.sh?text';
import toolchain from '../../../templates/container/toolchain/default.nix?text';
import type { Plan } from '../../plan/schema.ts';
import { flakeLock } from '../flake-lock.ts';
import { shellNix } from '../shell-nix.ts';
import type { GeneratedFile } from '../types.ts';
import { compose } from './compose.ts';
import { devcontainer } from './devcontainer.ts';
import { dockerfile } from './dockerfile.ts';
import { type ContainerFile, toolchainArchive } from './files.ts';
import { seccompProfile } from './seccomp.ts';
import { hasDocker } from './settings.ts';

/**
 * In the order in which they are shown. The context of the build is their folder, so that nothing else of the
 * repository is sent to a builder; what it takes of the repository's other files is copied there.
 */
export function renderContainer(plan: Plan): GeneratedFile[] {
  if (plan.container === undefined) return [];
  const { folder, toolchain: source } = plan.container;
  const withDocker = hasDocker(plan);
  const withNix = source !== 'features';
  const needsSeccomp = withDocker && plan.target.profile !== 'gvisor';
  const files: [ContainerFile, string | null][] = [
    ['devcontainer.json', devcontainer(plan)],
    ['Dockerfile', dockerfile(plan)],
    ['.dockerignore', allowList(plan)],
    ['boot.sh', boot],
    ['compose.yaml', plan.target.profile === 'sidecar' ? compose(plan, folder) : null],
    ['docker-policy.mjs', withDocker ? policy : null],
    ['seccomp.json', needsSeccomp ? `${JSON.stringify(seccompProfile(), null, 2)}\n` : null],
    ['toolchain/build.sh', withNix ? buildScript : null],
    ['toolchain/default.nix', withNix ? toolchain : null],
    ['toolchain/flake.lock', withNix ? flakeLock(plan) : null],
    ['toolchain/shell.nix', withNix ? shellNix(plan) : null],
  ];
  return files.flatMap(([name, text]) =>
    text === null ? [] : [{ path: `${folder}/${name}`, text, mode: name === 'boot.sh' ? 0o755 : 0o644 }],
  );
}

/** All that the Dockerfile copies. */
function allowList(plan: Plan): string {
  const allowed = [
    'boot.sh',
    ...(hasDocker(plan) ? ['docker-policy.mjs'] : []),
    ...(plan.container?.toolchain === 'features'
      ? []
      : [
          'toolchain/build.sh',
          'toolchain/default.nix',
          'toolchain/flake.lock',
          'toolchain/shell.nix',
          toolchainArchive,
        ]),
  ];
  return `${['*', ...allowed.map((each) => `!${each}`)].join('\n')}\n`;
}
