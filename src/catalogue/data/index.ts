// Written by scripts/catalogue/build.mjs. The casts are checked by test/catalogue/data.test.ts.
import type { BaseData, EcosystemData } from '../data-types.ts';

export const loaders = {
  base: async () => (await import('./base.json', { with: { type: 'json' } })).default as unknown as BaseData,
  ecosystems: {
    apt: async () =>
      (await import('./apt.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    bazel: async () =>
      (await import('./bazel.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    binder: async () =>
      (await import('./binder.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    bun: async () =>
      (await import('./bun.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    c: async () =>
      (await import('./c.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    clojure: async () =>
      (await import('./clojure.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    conda: async () =>
      (await import('./conda.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    crystal: async () =>
      (await import('./crystal.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    dart: async () =>
      (await import('./dart.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    deno: async () =>
      (await import('./deno.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    dotnet: async () =>
      (await import('./dotnet.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    elixir: async () =>
      (await import('./elixir.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    environments: async () =>
      (await import('./environments.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    erlang: async () =>
      (await import('./erlang.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    gleam: async () =>
      (await import('./gleam.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    go: async () =>
      (await import('./go.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    haskell: async () =>
      (await import('./haskell.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    java: async () =>
      (await import('./java.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    julia: async () =>
      (await import('./julia.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    lua: async () =>
      (await import('./lua.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    nim: async () =>
      (await import('./nim.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    node: async () =>
      (await import('./node.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    notebooks: async () =>
      (await import('./notebooks.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    ocaml: async () =>
      (await import('./ocaml.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    pants: async () =>
      (await import('./pants.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    pear: async () =>
      (await import('./pear.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    perl: async () =>
      (await import('./perl.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    php: async () =>
      (await import('./php.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    python: async () =>
      (await import('./python.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    r: async () =>
      (await import('./r.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    racket: async () =>
      (await import('./racket.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    ruby: async () =>
      (await import('./ruby.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    rust: async () =>
      (await import('./rust.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    scala: async () =>
      (await import('./scala.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    services: async () =>
      (await import('./services.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    sites: async () =>
      (await import('./sites.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    swift: async () =>
      (await import('./swift.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    terraform: async () =>
      (await import('./terraform.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    zig: async () =>
      (await import('./zig.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
  },
};
