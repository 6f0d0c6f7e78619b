import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

export const projectEndings = ['.csproj', '.fsproj', '.vbproj'] as const;
export const solutionEndings = ['.sln', '.slnx'] as const;

/** What announces .NET: projects, solutions, properties of many projects, SDK and tool files. */
export const dotnetClaims: Claims = {
  names: ['global.json', 'Directory.Build.props', 'launchSettings.json', ...versionFileClaims.names],
  endings: [...projectEndings, ...solutionEndings],
  suffixes: ['.config/dotnet-tools.json', ...versionFileClaims.suffixes],
  presence: ['packages.lock.json', 'dotnet-tools.json', '.editorconfig', 'paket.dependencies'],
  versionTools: ['dotnet', 'dotnet-core'],
  common: { names: ['.editorconfig', 'launchSettings.json'], sources: [] },
};
