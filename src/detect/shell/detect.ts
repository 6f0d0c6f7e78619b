/** Repositories of scripts: docs/ecosystems/shell.md. */
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { shellWord } from '../shared/shell-word.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { programsCalled, scriptLines } from '../tasks/scripts.ts';
import { commandTools } from '../tasks/tool-files.ts';
import type { Detect, Need } from '../types.ts';

const isScript = ({ path }: ClaimedFile) => /\.(?:sh|bash|ksh|zsh|fish)$/.test(path);
const isBats = ({ path }: ClaimedFile) => path.endsWith('.bats');

/** Sources of other languages: where they are more than the scripts, these only serve them. */
const otherSources =
  /\.(?:c|cc|cpp|h|hpp|rs|go|py|rb|php|java|kt|scala|cs|fs|js|ts|jsx|tsx|swift|hs|ml|ex|exs|erl|cbl|cob|scm|rkt|lisp|f90|f95|adb|ads|pl|lua|r|jl|nim|zig|d|v|sv|vhd|asm|tf|proto|sql|html)$/i;

export const detectShell: Detect = async ({ inventory }) => {
  const files = [...inventory.files.values()];
  const scripts = files.filter((file) => isScript(file) && !isSideFolder(folderOf(file.path)));
  const others = inventory.paths.filter((path) => otherSources.test(path) && !isSideFolder(folderOf(path)));
  const [first] = scripts;
  if (first === undefined || others.length >= scripts.length || hasPage(inventory)) return [];
  const tools = new Map<string, Evidence[]>();
  const add = (id: string, because: Evidence) => {
    const known = tools.get(id) ?? [];
    if (known.length < maxEvidence) tools.set(id, [...known, because]);
  };
  for (const file of scripts) calledBy(file, add);
  const commands = await commandsOf(inventory, scripts, add);
  return [
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['shell'],
      frameworks: [],
      packageManager: null,
      commands,
      ports: [],
      because: [presence(first.path, 'shell/script')],
    },
    ...[...tools].map(([id, because]): Need => ({ kind: 'tool', id, project: '.', because })),
  ];
};

type Add = (id: string, because: Evidence) => void;

/** As many places as a reader wants to see for one tool. */
const maxEvidence = 5;
const maxLines = 3000;

function hasPage({ paths }: Inventory): boolean {
  return paths.includes('index.html') || paths.includes('public/index.html');
}

/** A shell that is not always there, and the programs of the catalogue that a script calls. */
function calledBy(file: ClaimedFile, add: Add): void {
  const shell = shellOf(file);
  if (shell === 'zsh' || shell === 'fish') add(shell, presence(file.path, 'shell/interpreter'));
  for (const [at, line] of (file.text ?? '').split('\n', maxLines).entries()) {
    if (line.length > 2000 || /^\s*(#|$)/.test(line)) continue;
    for (const program of programsCalled(line)) {
      const tool = Object.hasOwn(commandTools, program) ? commandTools[program] : undefined;
      if (tool !== undefined) add(tool, evidence(file, at + 1, 'shell/calls'));
    }
  }
}

/** By the first line, else by the ending. */
function shellOf({ path, text }: ClaimedFile): string {
  const line = (text ?? '').slice(0, 200).split('\n', 1)[0] ?? '';
  const named = /^#!.*?\b(?<shell>bash|zsh|fish|ksh|dash|sh)\b/.exec(line)?.groups?.shell;
  if (named !== undefined) return named === 'dash' || named === 'ksh' ? 'bash' : named;
  return /\.(?<shell>zsh|fish)$/.exec(path)?.groups?.shell ?? 'bash';
}

function run(file: ClaimedFile | undefined): string | undefined {
  const word = file === undefined ? null : shellWord(file.path);
  return file === undefined || word === null ? undefined : `${shellOf(file)} ${word}`;
}

const starts = ['start.sh', 'run.sh', 'main.sh', 'start', 'run'];
const builds = ['build.sh', 'scripts/build.sh'];
const tests = [
  'test.sh',
  'run_tests.sh',
  'run-tests.sh',
  'tests/run.sh',
  'test/run.sh',
  'tests/test.sh',
  'test/test.sh',
];
/** What a script does to the machine, or to the repository, is not what it is for. */
const doesSomethingElse =
  /^(install|uninstall|setup|bootstrap|configure|deploy|release|build|tests?|run[_-]tests|lint|format|clean|update)\b/;

async function commandsOf(
  inventory: Inventory,
  scripts: readonly ClaimedFile[],
  add: Add,
): Promise<Partial<Commands>> {
  const one = (paths: readonly string[]) =>
    paths.map((path) => inventory.files.get(path)).find((file) => file?.text != null);
  const atRoot = scripts.filter(({ path }) => !path.includes('/') && !doesSomethingElse.test(path));
  const start = run(one(starts) ?? (atRoot.length === 1 ? atRoot[0] : undefined));
  const build = run(one(builds));
  const test = await testOf(inventory, one(tests), add);
  const lint = inventory.files.has('.shellcheckrc') ? "find . -name '*.sh' -exec shellcheck {} +" : undefined;
  const all = { build, test, start, lint };
  return Object.fromEntries(Object.entries(all).filter(([, command]) => command !== undefined));
}

/** The repository's own task, else the framework that its files are written for, else a script of that name. */
async function testOf(
  inventory: Inventory,
  script: ClaimedFile | undefined,
  add: Add,
): Promise<string | undefined> {
  const task = (await scriptLines(inventory)).find(
    ({ task, file }) => task === 'test' && !file.path.includes('/') && nameOf(file.path) !== 'package.json',
  );
  const files = [...inventory.files.values()];
  const bats = files.filter(isBats);
  if (bats[0] !== undefined) add('bats', presence(bats[0].path, 'shell/bats'));
  for (const file of files) {
    const line = shunitLine(file);
    if (line !== null) add('shunit2', evidence(file, line, 'shell/shunit2'));
  }
  if (task !== undefined) {
    if (/^[Jj.]/.test(nameOf(task.file.path))) return 'just test';
    return /^[Tt]ask/.test(nameOf(task.file.path)) ? 'task test' : 'make test';
  }
  if (bats.length > 0) {
    const tops = new Set(bats.map(({ path }) => (path.includes('/') ? path.split('/', 1)[0] : '.')));
    const [top = '.'] = tops;
    return `bats --recursive ${tops.size === 1 ? (shellWord(top) ?? '.') : '.'}`;
  }
  if (inventory.files.has('.shellspec')) return 'shellspec';
  return run(script);
}

/** https://github.com/kward/shunit2: tests end with sourcing it; a copy of their own needs no package. */
function shunitLine(file: ClaimedFile): number | null {
  if (!isScript(file)) return null;
  const lines = (file.text ?? '').split('\n', maxLines);
  const at = lines.findIndex((line) => /^\s*(?:\.|source)\s+["']?shunit2["']?\s*$/.test(line.slice(0, 200)));
  return at === -1 ? null : at + 1;
}
