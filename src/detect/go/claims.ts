import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Go: modules, workspaces, version files; a bare `main.go` is weak evidence. */
export const goClaims: Claims = {
  names: [
    'go.mod',
    'go.work',
    '.go-version',
    '.goreleaser.yml',
    '.goreleaser.yaml',
    ...versionFileClaims.names,
  ],
  suffixes: versionFileClaims.suffixes,
  presence: ['main.go', '.air.toml', 'air.toml'],
};
