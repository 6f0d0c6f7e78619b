/**
 * The repositories that the benchmark analyses: made of numbers, so that every run measures the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

function put(root, file, text) {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** A small application: a manifest, a lock file, twenty sources. */
export function small(root) {
  put(
    root,
    'package.json',
    `${JSON.stringify(
      {
        name: 'small',
        version: '1.0.0',
        engines: { node: '^22' },
        packageManager: 'pnpm@10.4.1',
        scripts: { build: 'vite build', test: 'vitest run', dev: 'vite' },
        dependencies: { react: '^19.0.0', 'react-dom': '^19.0.0' },
        devDependencies: { vite: '^7.0.0', vitest: '^4.0.0' },
      },
      null,
      2,
    )}\n`,
  );
  put(root, 'pnpm-lock.yaml', "lockfileVersion: '9.0'\n\npackages:\n\n  react@19.0.0: {}\n");
  put(root, '.gitignore', 'node_modules\ndist\n*.log\n');
  for (let at = 0; at < 20; at++) put(root, `src/file${at}.ts`, `export const value${at} = ${at};\n`);
}

/** The same with files that many ecosystems have: none of the others is loaded for them. */
export function common(root) {
  small(root);
  put(root, '.tool-versions', 'nodejs 22.12.0\npnpm 10.4.1\n');
  put(root, 'Makefile', 'build:\n\tnpm run build\ntest:\n\tnpm test\n');
  put(root, 'Procfile', 'web: npm start\n');
  put(root, '.editorconfig', 'root = true\n');
  put(root, '.env.example', 'PORT=3000\n');
  put(root, '.github/workflows/ci.yml', 'on: push\njobs: {}\n');
}

/** A pnpm workspace of 100 packages and about 5,000 files, with a Python service and a Go module. */
export function monorepo(root) {
  put(
    root,
    'package.json',
    `${JSON.stringify({ name: 'mono', private: true, packageManager: 'pnpm@10.4.1', scripts: { build: 'turbo build', test: 'turbo test' }, devDependencies: { turbo: '^2.0.0', typescript: '^5.9.0' } }, null, 2)}\n`,
  );
  put(root, 'pnpm-workspace.yaml', 'packages:\n  - packages/*\n');
  put(root, '.nvmrc', '22\n');
  put(root, '.gitignore', 'node_modules\ndist\n*.log\n.turbo\ncoverage\n');
  const locked = [];
  for (let at = 0; at < 2000; at++) {
    locked.push(`  package-${at}@1.${at % 50}.0:\n    resolution: {integrity: sha512-${'A'.repeat(86)}==}\n`);
  }
  put(root, 'pnpm-lock.yaml', `lockfileVersion: '9.0'\n\npackages:\n\n${locked.join('\n')}`);
  for (let at = 0; at < 100; at++) {
    const folder = `packages/p${at}`;
    const dependencies = Object.fromEntries(
      Array.from({ length: 20 }, (_, each) => [`package-${(at * 20 + each) % 2000}`, '^1.0.0']),
    );
    put(
      root,
      `${folder}/package.json`,
      `${JSON.stringify({ name: `@mono/p${at}`, version: '1.0.0', scripts: { build: 'tsc', test: 'vitest run' }, dependencies }, null, 2)}\n`,
    );
    put(root, `${folder}/tsconfig.json`, '{}\n');
    for (let each = 0; each < 46; each++) put(root, `${folder}/src/m${each % 5}/f${each}.ts`, 'export {};\n');
  }
  put(
    root,
    'services/api/pyproject.toml',
    '[project]\nname = "api"\nrequires-python = ">=3.12"\ndependencies = ["fastapi", "psycopg2==2.9.9"]\n',
  );
  put(root, 'services/worker/go.mod', 'module example.com/worker\n\ngo 1.25\n');
  for (let each = 0; each < 90; each++) put(root, `services/api/src/api/f${each}.py`, 'x = 1\n');
}

/** 100,000 files in 2,000 folders, and one manifest. */
export function huge(root) {
  put(root, 'package.json', '{ "name": "huge", "version": "1.0.0" }\n');
  put(root, '.gitignore', 'node_modules\ndist\nbuild/\n*.log\n*.tsbuildinfo\n/out\ncoverage\n.env\n');
  for (let folder = 0; folder < 2000; folder++) {
    const at = path.join(root, `p${Math.floor(folder / 20)}`, `d${folder % 20}`);
    mkdirSync(at, { recursive: true });
    for (let each = 0; each < 50; each++) writeFileSync(path.join(at, `f${each}.ts`), '');
  }
}
