import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

export const swiftClaims: Claims = {
  names: ['Package.swift', '.swift-version', ...versionFileClaims.names],
  locks: ['Package.resolved'],
  suffixes: versionFileClaims.suffixes,
  presence: ['project.pbxproj'],
  versionTools: ['swift'],
};
