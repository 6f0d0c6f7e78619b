import { append } from '../../append.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { isSideFolder, join } from '../shared/tree.ts';
import type { CompilerNeed, DependencyNeed, Detect, DetectContext, Need, ToolNeed } from '../types.ts';
import { cgoEvidence } from './cgo.ts';
import { goCommands } from './commands.ts';
import { goFrameworks, withoutMajor } from './frameworks.ts';
import type { GoRequire } from './modfile.ts';
import { type GoModule, goModules } from './modules.ts';
import { goRequests } from './requests.ts';
import { isGoVersion } from './version.ts';

/**
 * Go: every module is a project; without any, a `main.go` at the root. Modules of examples and tests count
 * only where there is nothing else, and then as optional.
 */
export const detectGo: Detect = async (context) => {
  const modules = goModules(context);
  if (modules.length === 0) return lonelyProgram(context);
  const needs: Need[] = [];
  const main = modules.filter(({ folder }) => !isSideFolder(folder));
  for (const module of main) append(needs, await needsOf(context, module));
  const [side] = modules;
  if (main.length === 0 && side !== undefined) needs.push(await sideNeed(context, side));
  return needs;
};

async function sideNeed(context: DetectContext, module: GoModule): Promise<Need> {
  const { folder, file } = module;
  const requests = await goRequests(context, folder, module);
  const because = [presence(file.path, 'go/module')];
  return { kind: 'toolchain', id: 'go', project: folder, requests, because, optional: true };
}

async function needsOf(context: DetectContext, module: GoModule): Promise<Need[]> {
  const { folder, file, mod } = module;
  if (file.text === null) return [];
  if (mod.module === null) return [unreadable(file)];
  const because = [evidence(file, mod.module.line, 'go/module')];
  const requests = await goRequests(context, folder, module);
  const frameworks = frameworksOf(mod.requires);
  const { value: modulePath } = mod.module;
  return [
    { kind: 'toolchain', id: 'go', project: folder, requests, because },
    ...unknownVersion(module),
    ...compilerNeed(context, module),
    ...nativeNeeds(context, module),
    ...toolNeeds(context, module),
    {
      kind: 'project',
      path: folder,
      name: nameOfModule(modulePath),
      languages: ['go'],
      frameworks: frameworks.map(({ id }) => id),
      packageManager: null,
      commands: goCommands(context.inventory, {
        folder,
        modulePath: withoutMajor(modulePath),
        sources: module.sources,
        tools: mod.tools.map(({ value }) => value),
      }),
      ports: frameworks.flatMap(({ port }) => port ?? []),
      because,
    },
  ];
}

/** A program from before modules, or a single file: `main.go` at the root, and nothing that says more. */
async function lonelyProgram(context: DetectContext): Promise<Need[]> {
  const { inventory } = context;
  if (!inventory.files.has('main.go')) return [];
  const because = [presence('main.go', 'go/main-file')];
  const requests = await goRequests(context, '.', null);
  return [
    { kind: 'toolchain', id: 'go', project: '.', requests, because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['go'],
      frameworks: [],
      packageManager: null,
      commands: { build: 'go build -o out main.go', start: './out', dev: 'go run main.go' },
      ports: [],
      because,
    },
  ];
}

/** Last element of the module's path, without its major version: `github.com/acme/shop/v2` → `shop`. */
function nameOfModule(path: string): string | null {
  return (
    withoutMajor(path)
      .split('/')
      .at(-1)
      ?.replace(/\.v\d+$/, '') || null
  );
}

function frameworksOf(requires: readonly GoRequire[]) {
  const direct = new Set(requires.filter(({ indirect }) => !indirect).map(({ path }) => withoutMajor(path)));
  return goFrameworks.filter(({ modules }) => modules.some((path) => direct.has(path)));
}

function compilerNeed({ inventory }: DetectContext, module: GoModule): CompilerNeed[] {
  const because = cgoEvidence(inventory, module);
  return because === null ? [] : [{ kind: 'compiler', project: module.folder, because: [because] }];
}

/** Modules that need a program only where code is generated anew, which a recipe or buf.yaml says. */
const generatedCode = new Set(['google.golang.org/protobuf', 'github.com/golang/protobuf']);

/** Modules that the catalogue knows to need something native; a replacement counts under its own name. */
function nativeNeeds({ native }: DetectContext, { folder, file, mod }: GoModule): DependencyNeed[] {
  const replacements = new Map(mod.replaces.map(({ path, by }) => [path, by]));
  return mod.requires.flatMap(({ path, version, line }) => {
    if (generatedCode.has(path)) return [];
    const by = replacements.get(path) ?? path;
    const name = [by, withoutMajor(by), path, withoutMajor(path)].find((each) => native.go.has(each));
    if (name === undefined) return [];
    return [
      {
        kind: 'dependency',
        ecosystem: 'go',
        name,
        version: version.replace(/^v/, ''),
        project: folder,
        because: [evidence(file, line, 'go/require')],
      },
    ];
  });
}

/** Programs that a file of the module asks for, unless `go tool` brings them. */
function toolNeeds({ inventory }: DetectContext, { folder, file, mod }: GoModule): ToolNeed[] {
  const needs: ToolNeed[] = [];
  const isGoTool = (part: string) => mod.tools.some(({ value }) => value.includes(part));
  const air = ['.air.toml', 'air.toml']
    .map((name) => join(folder, name))
    .find((path) => inventory.files.has(path));
  if (air !== undefined && !isGoTool('/air')) {
    needs.push({ kind: 'tool', id: 'air', project: folder, because: [presence(air, 'go/air')] });
  }
  const templ = mod.requires.find(({ path, indirect }) => path === 'github.com/a-h/templ' && !indirect);
  if (templ !== undefined && !isGoTool('/templ')) {
    const because = [evidence(file, templ.line, 'go/templ')];
    needs.push({ kind: 'tool', id: 'templ', project: folder, because });
  }
  return needs;
}

function unknownVersion({ file, mod }: GoModule): Need[] {
  if (mod.go === null || isGoVersion(mod.go.value)) return [];
  return [
    {
      kind: 'finding',
      code: 'version-not-understood',
      severity: 'warning',
      message: `${file.path}:${mod.go.line} has a "go" line that is no version of Go`,
      hint: 'Write it as "go 1.22" or "go 1.22.3".',
      because: [evidence(file, mod.go.line, 'go/go-mod')],
    },
  ];
}

function unreadable(file: ClaimedFile): Need {
  return {
    kind: 'finding',
    code: 'unreadable-manifest',
    severity: 'error',
    message: `${file.path} has no "module" line`,
    hint: 'Mend the file, or leave it out with "ignore" in nidify.jsonc.',
    because: [presence(file.path, 'go/module')],
  };
}
