/** Where editors find the schema of `nidify.jsonc`: the file that this very version of the package ships. */
export function configSchemaUrl(version: string): string {
  return `https://unpkg.com/nidify@${version}/dist/schema/config.json`;
}

/** A `nidify.jsonc` that changes nothing: every setting as a comment, with an example. */
export function template(version: string): string {
  return `{
  "$schema": "${configSchemaUrl(version)}",

  // Everything here is optional: nidify reads the repository itself. Say only what it gets wrong,
  // then run \`nidify\` again. \`nidify explain\` says why it decided as it did.

  // The main channel of nixpkgs.
  // "channel": "nixos-26.05",

  // Versions (or their beginnings) of languages and package managers, instead of what the files ask for.
  // "versions": { "node": "22", "python": "3.12" },

  // Programs on PATH, by their attribute in nixpkgs.
  // "packages": { "add": ["jq"], "remove": [] },

  // Libraries to compile and link against.
  // "libraries": { "add": ["openssl"], "remove": [] },

  // Servers that the program "services" of the shell starts.
  // "services": { "add": ["redis"], "remove": [] },

  // The C compiler, by the standard environment that brings it, where the default one does not do.
  // "compiler": "gcc14Stdenv",

  // Variables of the environment. Everybody can read them: no secrets.
  // "env": { "TZ": "UTC" },

  // Folders and files that say nothing about the environment (patterns as in .gitignore).
  // "ignore": ["examples/"],

  // Ecosystems that are not looked for.
  // "disable": ["deno"],

  // Systems that the flake is for.
  // "systems": ["x86_64-linux", "aarch64-linux", "aarch64-darwin"],

  // "auto" decides between Nix and a container by what the repository runs.
  // "target": "auto",

  // How a container serves the project: its engine, the network of the containers that it runs, the image that it is
  // built upon, whether clients reach the engine through a policy, and where programs come from.
  // "container": { "profile": "rootless", "network": { "run": "bridge" }, "policy": "on", "toolchain": "nix" },

  // Bounds of the scan, far above what repositories need.
  // "limits": { "entries": 300000, "depth": 64 },

  // Bounds of building: seconds for each derivation and the whole, memory of each process.
  // "build": { "timeout": 7200, "memory": "4G" },
}
`;
}
