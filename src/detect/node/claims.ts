import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';
import { frameworkConfigs } from './framework-configs.ts';

/** What announces Node.js: manifests, lock files, version files, configuration of workspaces and frameworks. */
export const nodeClaims: Claims = {
  names: [
    'package.json',
    'pnpm-workspace.yaml',
    '.yarnrc.yml',
    '.yarnrc',
    '.npmrc',
    '.nvmrc',
    '.node-version',
    'lerna.json',
    'nx.json',
    'rush.json',
    'turbo.json',
    'turbo.jsonc',
    'project.json',
    'workspace.json',
    ...versionFileClaims.names,
  ],
  locks: ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'],
  suffixes: [...versionFileClaims.suffixes, 'common/config/rush/command-line.json'],
  presence: ['bun.lockb', 'binding.gyp', ...Object.values(frameworkConfigs).flat()],
  versionTools: ['node', 'nodejs', 'npm', 'pnpm', 'yarn'],
};
