import { append } from '../../append.ts';
import type { Evidence } from '../../plan/schema.ts';
import { evidence, presence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { fileIn, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';
import { haskellCommands } from './commands.ts';
import { type HaskellProject, haskellProjects } from './projects.ts';
import { ghcRequests } from './versions.ts';

/** Frameworks by package; a port only where one is listened on without being told. */
const frameworks: readonly { id: string; packages: readonly string[]; port?: number }[] = [
  // https://www.yesodweb.com/book/scaffolding-and-the-site-template
  { id: 'yesod', packages: ['yesod', 'yesod-core'], port: 3000 },
  { id: 'servant', packages: ['servant-server', 'servant'] },
  { id: 'scotty', packages: ['scotty'] },
  // https://ihp.digitallyinduced.com/Guide/installation.html
  { id: 'ihp', packages: ['ihp'], port: 8000 },
  // http://snapframework.com/docs/quickstart
  { id: 'snap', packages: ['snap', 'snap-server'], port: 8000 },
  { id: 'spock', packages: ['Spock'] },
  { id: 'warp', packages: ['warp'] },
  { id: 'hakyll', packages: ['hakyll'] },
];

/** Haskell: projects of stack and cabal, and packages outside of any. */
export const detectHaskell: Detect = async (context) => {
  const projects = await haskellProjects(context);
  const needs: Need[] = [];
  for (const project of projects) append(needs, await needsOf(context, project));
  return needs;
};

async function needsOf(context: DetectContext, project: HaskellProject): Promise<Need[]> {
  const { inventory } = context;
  const { folder, manager, file, packages } = project;
  const because = [evidence(file, null, `haskell/${manager}`)];
  const { requests, findings } = await ghcRequests(inventory, project);
  const lock = fileIn(inventory, folder, manager === 'stack' ? 'stack.yaml.lock' : 'cabal.project.freeze');
  const names = new Set(packages.flatMap(({ described }) => described.dependencies.map(({ name }) => name)));
  const found = frameworks.filter((each) => each.packages.some((name) => names.has(name)));
  const main = packages.find((each) => each.folder === folder) ?? packages[0];
  const hpack = packages.find((each) => nameOf(each.file.path) === 'package.yaml');
  const generates = manager === 'cabal' && hpack !== undefined;
  return [
    { kind: 'toolchain', id: 'haskell', project: folder, requests, because },
    {
      kind: 'package-manager',
      id: manager,
      project: folder,
      requests: [],
      lockfile: lock?.path ?? null,
      because: lock === null ? because : [...because, presence(lock.path, 'haskell/lock')],
    },
    { kind: 'compiler', project: folder, because },
    ...nativeNeeds(context, project, because),
    ...(generates
      ? [
          {
            kind: 'tool' as const,
            id: 'hpack',
            project: folder,
            because: [presence(hpack.file.path, 'haskell/hpack')],
          },
        ]
      : []),
    {
      kind: 'project',
      path: folder,
      name: main?.described.name ?? null,
      languages: ['haskell'],
      frameworks: found.map(({ id }) => id),
      packageManager: manager,
      commands: haskellCommands(project, generates),
      ports: found.flatMap(({ port }) => port ?? []),
      because,
    },
    ...findings,
  ];
}

/** What the packages link: those that are named, those that a freeze file adds, and GHC's own numbers. */
function nativeNeeds(
  { inventory, native }: DetectContext,
  { folder, packages }: HaskellProject,
  because: Evidence[],
): Need[] {
  const needs = new Map<string, Need>();
  const unknown = new Map<string, Evidence[]>();
  const add = (ecosystem: 'hackage' | 'c', name: string, evidence: Evidence[]) => {
    if (!native[ecosystem].has(name) || needs.has(`${ecosystem} ${name}`)) return;
    needs.set(`${ecosystem} ${name}`, {
      kind: 'dependency',
      ecosystem,
      name,
      version: null,
      project: folder,
      because: evidence,
    });
  };
  add('hackage', 'ghc-bignum', because);
  for (const { file, described } of packages) {
    for (const { name, line } of described.dependencies)
      add('hackage', name, [evidence(file, line, 'haskell/dependency')]);
    for (const { key, line } of described.libraries) {
      const place = [evidence(file, line, 'haskell/extra-library')];
      add('c', key, place);
      if (key.startsWith('pkg-config:') && !native.c.has(key)) unknown.set(key, place);
    }
  }
  const frozen = fileIn(inventory, folder, 'cabal.project.freeze');
  for (const [at, line] of (frozen?.text ?? '').split('\n').entries()) {
    const name = /\bany\.(?<name>[A-Za-z][\w-]*)\s*==/.exec(line.slice(0, 300))?.groups?.name;
    if (name !== undefined && frozen !== null)
      add('hackage', name, [evidence(frozen, at + 1, 'haskell/freeze')]);
  }
  return [
    ...needs.values(),
    ...[...unknown].map(([key, place]) =>
      findingNeed(
        'library-unknown',
        'warning',
        `${place[0]?.file} needs ${key.slice('pkg-config:'.length)}, and nidify does not know which package has it`,
        'Name the package with "libraries": { "add": [...] } in nidify.jsonc.',
        place,
      ),
    ),
  ];
}
