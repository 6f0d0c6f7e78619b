import type { Plan, Toolchain } from '../../src/plan/schema.ts';

type Parts = Partial<Omit<Plan, 'repository'>> & { inputs?: Plan['repository']['inputs'] };

/** A plan made by hand: one pinned channel and an empty environment, plus what a test is about. */
export function planOf({ inputs = [], ...parts }: Parts = {}): Plan {
  return {
    schemaVersion: 1,
    generator: { name: 'nidify', version: '0.1.0' },
    repository: { name: 'environment', source: null, inputs, digest: 'sha256-digest' },
    target: { kind: 'nix', profile: null, network: null, because: [] },
    systems: ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'],
    nixpkgs: [
      {
        input: 'nixpkgs',
        channel: 'nixos-26.05',
        rev: 'a'.repeat(40),
        narHash: `sha256-${'A'.repeat(43)}=`,
        lastModified: 1_787_000_000,
        minimumNix: '2.18',
        permit: { unfree: [], insecure: [] },
        because: [],
      },
    ],
    toolchains: [],
    packageManagers: [],
    libraries: [],
    tools: [],
    services: [],
    environments: [
      {
        name: 'default',
        projects: ['.'],
        base: 'nixpkgs',
        compiler: 'none',
        packages: [],
        variables: [],
        libraryPath: [],
        hardeningDisable: [],
        hooks: [],
      },
    ],
    variables: [],
    projects: [],
    nestedContainers: [],
    findings: [],
    ...parts,
  };
}

export function toolchainOf(parts: Partial<Toolchain> & Pick<Toolchain, 'key' | 'id'>): Toolchain {
  return {
    version: null,
    precision: 'line',
    requested: null,
    match: 'default',
    attribute: parts.id,
    input: 'nixpkgs',
    systems: null,
    status: 'supported',
    grade: 'confirmed',
    optional: false,
    because: [],
    ...parts,
  };
}
