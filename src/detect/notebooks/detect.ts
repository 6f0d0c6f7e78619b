/** Jupyter notebooks: what runs them, where nothing else in the repository does. See docs/ecosystems/notebooks.md. */
import { append } from '../../append.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { presence, shown } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { folderOf, isSideFolder } from '../shared/tree.ts';
import type { Detect, Need, VersionRequest } from '../types.ts';
import { type Kernel, kernelOf } from './kernel.ts';

const toolchains: Readonly<Record<string, string>> = { python: 'python', r: 'r', julia: 'julia' };

/** How a language's kernel is installed, where Python's comes with Jupyter. */
const kernels: Readonly<Record<string, string>> = {
  r: `Rscript -e 'install.packages("IRkernel", repos = "https://cloud.r-project.org"); IRkernel::installspec()'`,
  julia: `julia -e 'using Pkg; Pkg.add("IJulia")'`,
};

/** A notebook gives no toolchain to a repository that is made of something else: there it is only possible. */
export const detectNotebooks: Detect = ({ inventory }) => {
  const notebooks = [...inventory.files.values()].filter(({ path }) => isOwn(path));
  const byLanguage = new Map<string, { kernel: Kernel; file: ClaimedFile }>();
  for (const file of notebooks) {
    const kernel = kernelOf(file.text ?? '') ?? null;
    if (kernel !== null && !byLanguage.has(kernel.language))
      byLanguage.set(kernel.language, { kernel, file });
  }
  const [first] = notebooks;
  if (first === undefined) return [];
  // Those that say nothing are Python's, like nearly all.
  if (byLanguage.size === 0)
    byLanguage.set('python', { kernel: { language: 'python', version: null }, file: first });
  const optional = isBeside(inventory);
  const needs: Need[] = [];
  for (const { kernel, file } of byLanguage.values())
    append(needs, kernelNeeds(inventory, kernel, file, optional));
  const because = [presence(first.path, 'notebooks/notebook')];
  if (optional || bringsJupyter(inventory)) return needs;
  return [...needs, ...jupyterNeeds(inventory, [...byLanguage.keys()], because)];
};

function isOwn(path: string): boolean {
  return (
    path.endsWith('.ipynb') &&
    !/(^|\/)(\.[^/]+|node_modules|vendor)\//.test(path) &&
    !isSideFolder(folderOf(path))
  );
}

/** Manifests of Python, conda, R and Julia: their detectors give the toolchain. */
const own =
  /^(binder\/|\.binder\/)?(pyproject\.toml|setup\.py|setup\.cfg|Pipfile|requirements[\w.-]*\.txt|environment\.ya?ml|pixi\.toml|uv\.lock|poetry\.lock|DESCRIPTION|renv\.lock|Project\.toml|install\.R)$/;
const others =
  /^(package\.json|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json|mix\.exs|CMakeLists\.txt|deno\.jsonc?)$/;

function isBeside({ paths }: Inventory): boolean {
  return paths.some((path) => others.test(path)) && !paths.some((path) => own.test(path));
}

function kernelNeeds(inventory: Inventory, kernel: Kernel, file: ClaimedFile, optional: boolean): Need[] {
  const because = [presence(file.path, 'notebooks/kernel')];
  const id = Object.hasOwn(toolchains, kernel.language) ? toolchains[kernel.language] : undefined;
  if (id === undefined) {
    return [
      findingNeed(
        'notebook-kernel-unknown',
        'warning',
        `${file.path} is run by a kernel for ${shown(kernel.language)}, which nidify does not provide`,
        'Name what it needs with "packages" in nidify.jsonc.',
        because,
      ),
    ];
  }
  const found: Need[] = [];
  if (!inventory.paths.some((path) => manifestOf[id]?.test(path))) {
    const requests = requestsOf(kernel, because);
    found.push({
      kind: 'toolchain',
      id,
      project: '.',
      requests,
      because,
      ...(optional ? { optional: true } : {}),
    });
  }
  const install = kernels[kernel.language];
  if (install !== undefined && !optional) {
    found.push(
      findingNeed(
        'notebook-kernel',
        'info',
        `${file.path} needs a kernel for ${kernel.language}, which is a package of that language`,
        `Install it once: ${install}`,
        because,
      ),
    );
  }
  return found;
}

/** Where a language has a manifest, its detector knows better. */
const manifestOf: Readonly<Record<string, RegExp>> = {
  python:
    /^(binder\/|\.binder\/)?(pyproject\.toml|setup\.py|setup\.cfg|Pipfile|requirements[\w.-]*\.txt|environment\.ya?ml|pixi\.toml|uv\.lock|poetry\.lock|runtime\.txt|\.python-version|main\.py|app\.py)$/,
  r: /^(binder\/|\.binder\/)?(DESCRIPTION|renv\.lock|install\.R|app\.R)$/,
  julia: /^(binder\/|\.binder\/)?(Julia)?Project\.toml$/,
};

/** What it was last run with is no request, but Python 2 is another language. */
function requestsOf({ language, version }: Kernel, [because]: Evidence[]): VersionRequest[] {
  if (language !== 'python' || because === undefined || !/^2\./.test(version ?? '')) return [];
  return [{ raw: '2.7', scheme: 'prefix', because }];
}

/** Whether a manifest names Jupyter, which then comes with the packages. */
function bringsJupyter({ files }: Inventory): boolean {
  return [...files.values()].some(
    ({ path, text }) =>
      own.test(path) &&
      /(^|[^\w-])(jupyter|jupyterlab|notebook|jupyter-book|jupyter_core|IJulia|retrolab|voila)([^\w-]|$)/m.test(
        text ?? '',
      ),
  );
}

function jupyterNeeds(inventory: Inventory, languages: readonly string[], because: Evidence[]): Need[] {
  const known = languages.filter((language) => Object.hasOwn(toolchains, language));
  const [only, ...more] = inventory.paths.filter(isOwn);
  const start =
    more.length === 0 && only !== undefined && /^[\w./-]+$/.test(only)
      ? `jupyter lab ${only}`
      : 'jupyter lab';
  return [
    { kind: 'tool', id: 'jupyter', project: '.', because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: known,
      frameworks: ['jupyter'],
      packageManager: null,
      commands: { start },
      // https://jupyter-server.readthedocs.io/en/latest/other/full-config.html
      ports: [8888],
      because,
    },
  ];
}
