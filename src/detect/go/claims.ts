import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** https://golangci-lint.run/docs/configuration/file */
export const golangciNames = ['.golangci.yml', '.golangci.yaml', '.golangci.toml', '.golangci.json'] as const;

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
  // modules.txt: the list of a vendor folder.
  presence: ['main.go', '.air.toml', 'air.toml', 'modules.txt', ...golangciNames],
  versionTools: ['golang', 'go'],
};
