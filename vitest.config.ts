import { defineConfig } from 'vitest/config';
import { templates } from './scripts/build/templates.ts';
import { texts } from './scripts/build/texts.ts';

const plugins = [templates(), texts()];

export default defineConfig({
  test: {
    projects: [
      // Pure tests: no network, no program but git.
      {
        plugins,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/nix/**', 'test/container/**', 'test/e2e/**'],
          // Far beyond what any takes: machines that do other work beside it are slow.
          testTimeout: 60_000,
          // It imports JSON in a way that Node.js does not take.
          server: { deps: { inline: [/@actions\/workflow-parser/] } },
        },
      },
      // Real Nix, on the stand-in for nixpkgs.
      {
        plugins,
        test: {
          name: 'nix',
          include: ['test/nix/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      // A real Docker engine, started by the tests.
      {
        plugins,
        test: {
          name: 'container',
          include: ['test/container/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      // The built command, as a user runs it.
      { plugins, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 120_000 } },
    ],
  },
});
