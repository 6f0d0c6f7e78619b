// Written by scripts/catalogue/build.mjs. The casts are checked by test/catalogue/data.test.ts.
import type { BaseData, EcosystemData } from '../data-types.ts';

export const loaders = {
  base: async () => (await import('./base.json', { with: { type: 'json' } })).default as unknown as BaseData,
  ecosystems: {
    bun: async () =>
      (await import('./bun.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    dart: async () =>
      (await import('./dart.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    deno: async () =>
      (await import('./deno.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    environments: async () =>
      (await import('./environments.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    go: async () =>
      (await import('./go.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    node: async () =>
      (await import('./node.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    python: async () =>
      (await import('./python.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    rust: async () =>
      (await import('./rust.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    sites: async () =>
      (await import('./sites.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    swift: async () =>
      (await import('./swift.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
    terraform: async () =>
      (await import('./terraform.json', { with: { type: 'json' } })).default as unknown as EcosystemData,
  },
};
