/** Command line tools that scripts call and no dependency brings. */
import { join } from '../shared/tree.ts';
import type { DetectContext, ToolNeed } from '../types.ts';
import { programsOf } from './commands.ts';
import { dependenciesOf, keyEvidence } from './manifest.ts';
import { hasPath, type Package } from './packages.ts';

/** Program → tool of the catalogue. Only what is hardly ever something else of the same name. */
const tools: Readonly<Record<string, string>> = {
  just: 'just',
  make: 'make',
  cmake: 'cmake',
  protoc: 'protobuf',
  buf: 'buf',
  jq: 'jq',
  rsync: 'rsync',
  hugo: 'hugo',
  zola: 'zola',
  mdbook: 'mdbook',
  shellcheck: 'shellcheck',
  shfmt: 'shfmt',
  bats: 'bats',
  sqlc: 'sqlc',
  ffmpeg: 'ffmpeg',
  'wasm-pack': 'wasm-pack',
};

/** Most manifests name none of them. */
const mention = new RegExp(`\\b(${Object.keys(tools).join('|')})\\b`);

/** Files without which a program has nothing to do. */
const files: Readonly<Record<string, readonly string[]>> = {
  make: ['Makefile', 'makefile', 'GNUmakefile'],
  just: ['justfile', 'Justfile', '.justfile'],
};

export function toolNeeds({ inventory }: DetectContext, { folder, manifest }: Package): ToolNeed[] {
  const needs: ToolNeed[] = [];
  if (!mention.test(manifest.file.text ?? '')) return needs;
  const direct = [...dependenciesOf(manifest).keys()];
  for (const [program, script] of programsOf(manifest)) {
    const id = Object.hasOwn(tools, program) ? tools[program] : undefined;
    if (id === undefined) continue;
    // `hugo-bin`, `@bufbuild/buf`, `wasm-pack`: the dependency brings the program.
    if (direct.some((name) => name.includes(program))) continue;
    const needed = files[program];
    if (needed !== undefined && !needed.some((name) => hasPath(inventory, join(folder, name)))) continue;
    const because = [keyEvidence(manifest.file, ['scripts', script], 'node/script')];
    needs.push({ kind: 'tool', id, project: folder, because });
  }
  return needs;
}
