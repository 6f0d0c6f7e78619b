/** Pants: https://www.pantsbuild.org/stable/docs, docs/ecosystems/pants.md. */
import { append } from '../../append.ts';
import type { ParsedDocument } from '../../parse/document.ts';
import { stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { hasPath } from '../shared/paths.ts';
import { filesNamed, folderOf, isSideFolder, join } from '../shared/tree.ts';
import type { Detect, DetectContext, Need, VersionRequest } from '../types.ts';

export const detectPants: Detect = async (context) => {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['pants.toml'])) {
    if (isSideFolder(folderOf(file.path))) continue;
    const document = await parseTomlFile(file);
    if (document !== null) append(needs, needsOf(context, file, document));
  }
  return needs;
};

/**
 * Languages by their backends, which may carry `experimental`:
 * https://www.pantsbuild.org/stable/docs/using-pants/key-concepts/backends
 */
const backends: readonly { backend: string; toolchain: string; languages: readonly string[] }[] = [
  { backend: 'python', toolchain: 'python', languages: ['python'] },
  { backend: 'go', toolchain: 'go', languages: ['go'] },
  { backend: 'java', toolchain: 'java', languages: ['java'] },
  { backend: 'kotlin', toolchain: 'java', languages: ['kotlin', 'java'] },
  { backend: 'scala', toolchain: 'java', languages: ['scala', 'java'] },
  { backend: 'javascript', toolchain: 'node', languages: ['node'] },
  { backend: 'typescript', toolchain: 'node', languages: ['node'] },
  { backend: 'rust', toolchain: 'rust', languages: ['rust'] },
];

function needsOf({ inventory }: DetectContext, file: ClaimedFile, document: ParsedDocument): Need[] {
  const folder = folderOf(file.path);
  const { value } = document;
  const table = valueAt(value, ['GLOBAL', 'backend_packages']);
  // A list, or what is added to the defaults: https://www.pantsbuild.org/stable/docs/using-pants/key-concepts/options
  const names = [...stringsAt(table, []), ...stringsAt(table, ['add'])];
  const used = backends.filter(({ backend }) =>
    names.some((name) => new RegExp(`^pants\\.backend\\.(experimental\\.)?${backend}(\\.|$)`).test(name)),
  );
  const because = [evidence(file, document.line(['GLOBAL', 'backend_packages']), 'pants/backends')];
  const needs: Need[] = [];
  const languages = new Set(used.flatMap((each) => each.languages));
  for (const id of new Set(used.map(({ toolchain }) => toolchain))) {
    const requests = id === 'python' ? interpreters(file, document) : [];
    needs.push({ kind: 'toolchain', id, project: folder, requests, because, stated: true });
  }
  // Its script of old, or the launcher that people install for themselves.
  const hasScript = hasPath(inventory, join(folder, 'pants'));
  const pants = hasScript ? './pants' : 'pants';
  needs.push({
    kind: 'project',
    path: folder,
    name: null,
    languages: [...languages],
    frameworks: [],
    packageManager: 'pants',
    // https://www.pantsbuild.org/stable/reference/goals
    commands: { build: `${pants} package ::`, test: `${pants} test ::`, lint: `${pants} lint ::` },
    ports: [],
    because,
  });
  if (!hasScript) needs.push(launcherMissing(file, document));
  return needs;
}

/** `interpreter_constraints`: one of them must hold; https://www.pantsbuild.org/stable/docs/python/overview/interpreter-compatibility */
function interpreters(file: ClaimedFile, document: ParsedDocument): VersionRequest[] {
  const path = ['python', 'interpreter_constraints'];
  const because: Evidence = evidence(file, document.line(path), 'pants/interpreter-constraints');
  return stringsAt(document.value, path).flatMap((text): VersionRequest[] => {
    const raw = /^(CPython|PyPy)?\s*(?<specifier>[<>=!~][^;]{0,80})$/.exec(text.trim())?.groups?.specifier;
    return raw === undefined || text.startsWith('PyPy') ? [] : [{ raw, scheme: 'pep440', because }];
  });
}

function launcherMissing(file: ClaimedFile, document: ParsedDocument): Need {
  const version = stringAt(document.value, ['GLOBAL', 'pants_version']);
  const which = version !== null && /^[\w.]{1,30}$/.test(version) ? ` ${version}` : '';
  return findingNeed(
    'pants-launcher',
    'warning',
    `nixpkgs has no Pants: its launcher, which fetches Pants${which}, is not in the environment`,
    'Install the launcher as https://www.pantsbuild.org/stable/docs/getting-started/installing-pants says; the environment has the interpreters that it looks for.',
    [evidence(file, document.line(['GLOBAL', 'pants_version']), 'pants/version')],
  );
}
