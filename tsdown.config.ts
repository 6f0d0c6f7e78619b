import { defineConfig } from 'tsdown';
import { chunkGroups, chunkName } from './scripts/build/chunks.ts';
import { jsonImports } from './scripts/build/json-imports.ts';
import { licences } from './scripts/build/licences.ts';
import { schemas } from './scripts/build/schemas.ts';
import { templates } from './scripts/build/templates.ts';
import { texts } from './scripts/build/texts.ts';

// Everything but zod (whose types are part of the public API) is bundled into split chunks, so that a
// command loads only the code that it needs and a start costs few file reads.
export default defineConfig({
  entry: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outDir: 'dist',
  clean: true,
  dts: { entry: ['src/index.ts'] },
  minify: true,
  fixedExtension: false,
  deps: { neverBundle: ['zod'], alwaysBundle: [/^(?!node:|zod)/] },
  // jsonc-parser's `main` is a UMD module that no bundler can follow.
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  outputOptions: {
    chunkFileNames: chunkName,
    codeSplitting: { includeDependenciesRecursively: false, groups: chunkGroups },
  },
  plugins: [templates(), texts(), jsonImports(), licences(), schemas()],
});
