/** Bazel beside and instead of the tools of languages: docs/ecosystems/bazel.md. */
import { append } from '../../append.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { type Call, callsOf } from '../c/calls.ts';
import { isOwned } from '../c/owners.ts';
import { buildRoots } from '../c/roots.ts';
import { isVendored } from '../c/tree.ts';
import { evidence, shown } from '../evidence.ts';
import { ownerOf } from '../shared/folders.ts';
import { pathsBelow } from '../shared/paths.ts';
import { fileIn, filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import type { Detect, DetectContext, Need, VersionRequest } from '../types.ts';
import { bazelMarkers } from './claims.ts';
import { managerNeed } from './manager.ts';
import { type RuleSet, ruleSets } from './rules.ts';

/**
 * The outermost folders that are workspaces of Bazel. Where a language's own manifest or another tool stands beside,
 * that builds the project, and Bazel comes only where a version of it is pinned.
 */
export const detectBazel: Detect = (context) => {
  const ofC = new Map(buildRoots(context).map((root) => [root.folder, root]));
  const needs: Need[] = [];
  const taken = new Set<string>();
  const files = bazelMarkers.flatMap((name) => filesNamed(context, [name]));
  for (const file of files.sort((a, b) => depth(a) - depth(b))) {
    const folder = folderOf(file.path);
    if (isVendored(folder) || isSideFolder(folder) || ownerOf(folder, taken) !== null) continue;
    taken.add(folder);
    // A program in C is told of by C's detector, with Bazel where that builds it.
    const other = ofC.get(folder);
    if (other?.tool === 'bazel') continue;
    const manager = managerNeed(context.inventory, folder, file);
    if (other !== undefined || isOwned(context.inventory, folder, true)) {
      if (manager.requests.length > 0) needs.push(manager);
    } else {
      needs.push(manager, ...workspaceNeeds(context, folder, file));
    }
  }
  return needs;
};

function depth({ path }: ClaimedFile): number {
  return path.split('/').length;
}

/** A file beyond this is none that people write. */
const maxText = 500_000;

function workspaceNeeds({ inventory }: DetectContext, folder: string, file: ClaimedFile): Need[] {
  const calls = callsOf((file.text ?? '').slice(0, maxText));
  const needs: Need[] = [];
  const languages = new Set<string>();
  const asked = new Map<string, { requests: VersionRequest[]; because: Evidence[] }>();
  for (const rules of ruleSets) {
    const at = calls.find((call) => declares(call, rules));
    if (at === undefined || !hasSources(inventory, folder, rules)) continue;
    for (const language of rules.languages) languages.add(language);
    const known = asked.get(rules.toolchain) ?? { requests: [], because: [] };
    const pins = rules.toolchain === 'java' ? javaPins(inventory, folder) : pinsOf(file, calls, rules);
    if (known.requests.length === 0) append(known.requests, pins);
    known.because.push(evidence(file, at.line, 'bazel/rules'));
    asked.set(rules.toolchain, known);
  }
  for (const [id, found] of asked) {
    needs.push({ kind: 'toolchain', id, project: folder, stated: true, ...found });
  }
  const name = calls.find((call) => call.name === 'module' || call.name === 'workspace');
  needs.push({
    kind: 'project',
    path: folder,
    name: name === undefined ? null : textOf(name, 'name'),
    languages: [...languages],
    frameworks: [],
    packageManager: 'bazel',
    // https://bazel.build/run/build#specifying-build-targets
    commands: { build: 'bazel build //...', test: 'bazel test //...' },
    ports: [],
    because: [evidence(file, 1, 'bazel/workspace')],
  });
  return needs;
}

function textOf({ texts }: Call, key: string): string | null {
  const text = texts.find((each) => each.key === key)?.text ?? '';
  return text === '' ? null : shown(text);
}

/** `bazel_dep(name = …)` of a module, any repository rule of that name in a WORKSPACE. */
function declares({ name, texts }: Call, rules: RuleSet): boolean {
  if (!/^(bazel_dep|http_archive|git_repository|local_repository|maybe)$/.test(name)) return false;
  return texts.some(({ key, text }) => key === 'name' && rules.names.includes(text));
}

function hasSources(inventory: Inventory, folder: string, { sources }: RuleSet): boolean {
  return pathsBelow(inventory, folder).some((path) => sources.test(path) && !isSideFolder(folderOf(path)));
}

/** The default version first: later ones are for single targets. */
function pinsOf(file: ClaimedFile, calls: readonly Call[], { pins }: RuleSet): VersionRequest[] {
  const found = calls.filter((call) => pins.some((pin) => pin.call.test(call.name)));
  const isDefault = ({ words }: Call) =>
    words.some(({ key, word }) => key === 'is_default' && word === 'True');
  const chosen = found.find(isDefault) ?? found[0];
  const key = pins.find((pin) => chosen !== undefined && pin.call.test(chosen.name))?.key;
  const raw = chosen?.texts.find((each) => each.key === key)?.text ?? '';
  if (chosen === undefined || !/^v?\d+(\.\d+){0,2}$/.test(raw)) return [];
  return [{ raw, scheme: 'prefix', because: evidence(file, chosen.line, 'bazel/toolchain') }];
}

/** `--java_language_version`: https://bazel.build/docs/bazel-and-java#config-jdk */
function javaPins(inventory: Inventory, folder: string): VersionRequest[] {
  const file = fileIn(inventory, folder, '.bazelrc');
  for (const [at, line] of (file?.text ?? '').split(/\r?\n/, 2000).entries()) {
    const raw = /^\s*(build|common)\b[^#]*\s--java_language_version=(?<version>\d{1,2})\b/.exec(line)?.groups
      ?.version;
    if (raw === undefined || file === null) continue;
    return [{ raw, scheme: 'java-target', because: evidence(file, at + 1, 'bazel/java') }];
  }
  return [];
}
