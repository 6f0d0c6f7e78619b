/**
 * Binder's folder: https://repo2docker.readthedocs.io/en/latest/config_files.html. Environments of conda, projects
 * of Julia, `runtime.txt` and `install.R` are read by their languages' detectors (src/detect/shared/binder.ts).
 */
import { append } from '../../append.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { binderFolder } from '../shared/binder.ts';
import { findingNeed } from '../shared/finding.ts';
import { fileIn, join } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';

export const detectBinder: Detect = async (context) => {
  const folder = binderFolder(context.inventory);
  if (folder === null) return [];
  const has = (name: string) => context.inventory.files.has(join(folder, name));
  const needs: Need[] = [];
  if (has('Dockerfile'))
    needs.push(remark(folder, 'Dockerfile', 'builds its image from it, and reads nothing else'));
  const requirements = fileIn(context.inventory, folder, 'requirements.txt');
  const isConda = has('environment.yml') || has('environment.yaml');
  if (requirements !== null && !isConda) append(needs, await requirementNeeds(context, requirements));
  for (const script of ['postBuild', 'start']) {
    if (has(script)) {
      const when = script === 'start' ? 'before it starts' : 'when all is installed';
      needs.push(remark(folder, script, `runs it ${when}`));
    }
  }
  return needs;
};

function remark(folder: string, name: string, what: string): Need {
  const path = join(folder, name);
  return findingNeed(
    'binder-script',
    'info',
    `${path} is Binder's, which ${what}: nidify runs nothing of it`,
    name === 'Dockerfile'
      ? 'Name what is missing with "packages" in nidify.jsonc.'
      : `Run it by hand where it is needed: bash ${path}`,
    [presence(path, 'binder/script')],
  );
}

/** What the root installs, where it has no manifest of Python's own. */
async function requirementNeeds({ inventory, native }: DetectContext, file: ClaimedFile): Promise<Need[]> {
  const { readManifests } = await import('../python/manifests.ts');
  const { isPackage } = await import('../python/project.ts');
  const { versionFiles } = await import('../python/versions.ts');
  const { parseRequirements } = await import('../python/requirements.ts');
  const because = [presence(file.path, 'binder/requirements')];
  const root = await readManifests(inventory, '.');
  if (root.requirements.length > 0 || root.locks.size > 0 || root.pipfile !== null || isPackage(root)) {
    return [
      findingNeed(
        'binder-beside',
        'info',
        `${file.path} is what Binder installs; here, the manifests of the root say it`,
        null,
        because,
      ),
    ];
  }
  const { requests, findings } = await versionFiles(inventory, '.');
  const named = parseRequirements(file.text ?? '').flatMap((line) =>
    line.kind === 'requirement' ? [{ name: line.requirement.name, line: line.line }] : [],
  );
  return [
    { kind: 'toolchain', id: 'python', project: '.', requests, because },
    { kind: 'package-manager', id: 'pip', project: '.', requests: [], lockfile: null, because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['python'],
      frameworks: named.some(({ name }) => /^(jupyter|jupyterlab|notebook)$/.test(name)) ? ['jupyter'] : [],
      packageManager: 'pip',
      commands: {
        install: `python -m venv .venv && . .venv/bin/activate && pip install -r ${file.path}`,
      },
      ports: [],
      because,
    },
    ...named
      .filter(({ name }) => native.pypi.has(name))
      .map(({ name, line }): Need => {
        const place = evidence(file, line, 'binder/requirement');
        return { kind: 'dependency', ecosystem: 'pypi', name, version: null, project: '.', because: [place] };
      }),
    ...findings,
  ];
}
