import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

export const dartClaims: Claims = {
  names: ['pubspec.yaml', '.fvmrc', 'melos.yaml', ...versionFileClaims.names],
  locks: ['pubspec.lock'],
  suffixes: [...versionFileClaims.suffixes, '.fvm/fvm_config.json'],
  versionTools: ['dart', 'flutter'],
};
