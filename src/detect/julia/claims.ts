import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** Both names that Julia looks for: https://docs.julialang.org/en/v1/manual/code-loading/#Project-environments */
export const projectNames = ['JuliaProject.toml', 'Project.toml'] as const;

/** From 1.10.8 on, a manifest may be of one version of Julia. */
export const manifestNames = [
  'JuliaManifest.toml',
  ...['1.10', '1.11', '1.12', '1.13'].map((version) => `Manifest-v${version}.toml`),
  'Manifest.toml',
] as const;

/** What announces Julia: projects, their manifests, requirements of old packages; programs by their presence. */
export const juliaClaims: Claims = {
  names: [...projectNames, 'REQUIRE', ...versionFileClaims.names],
  locks: manifestNames,
  suffixes: versionFileClaims.suffixes,
  presence: ['main.jl', 'run.jl', 'app.jl', 'server.jl', 'runtests.jl', 'build.jl', 'make.jl'],
  versionTools: ['julia'],
};
