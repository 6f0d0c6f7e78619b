import { isRecord, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { fileIn, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { Detect, ToolNeed } from '../types.ts';
import { recipeNames } from './claims.ts';
import { programsCalled, type ScriptLine, scriptLines } from './scripts.ts';
import { commandTools, protocPlugins, toolFiles } from './tool-files.ts';

/** Task runners, and tools that a file announces or a recipe calls. */
export const detectTasks: Detect = async ({ inventory }) => {
  const evidenceByTool = new Map<string, Evidence[]>();
  const add = (tool: string, because: Evidence) => {
    const known = evidenceByTool.get(tool) ?? [];
    if (known.length < maxEvidence) evidenceByTool.set(tool, [...known, because]);
  };
  for (const { path } of inventory.files.values()) {
    if (isSideFolder(folderOf(path))) continue;
    const runner = runnerOf(nameOf(path));
    if (runner !== null) add(runner, presence(path, `tasks/${runner}`));
    const announced = toolFiles.find(({ names }) => names.includes(nameOf(path)));
    if (announced === undefined) continue;
    const { tool, npm } = announced;
    if (npm === undefined || !(await dependsOn(inventory, folderOf(path), npm))) {
      add(tool, presence(path, `tasks/${tool}`));
    }
  }
  for (const line of await scriptLines(inventory)) {
    for (const tool of await toolsOf(line)) add(tool, evidence(line.file, line.line(), 'tasks/recipe'));
  }
  return [...evidenceByTool].map(toolNeed);
};

/** As many places as a reader wants to see for one tool. */
const maxEvidence = 5;

function runnerOf(name: string): string | null {
  const found = Object.entries(recipeNames).find(([, names]) => (names as readonly string[]).includes(name));
  return found?.[0] ?? null;
}

function toolNeed([id, because]: [string, Evidence[]]): ToolNeed {
  return { kind: 'tool', id, project: '.', because };
}

async function toolsOf({ file, text }: ScriptLine): Promise<string[]> {
  const tools: string[] = [];
  for (const program of programsCalled(text)) {
    if (!Object.hasOwn(commandTools, program)) continue;
    const tool = commandTools[program];
    if (tool === undefined) continue;
    const isPackage = nameOf(file.path) === 'package.json';
    if (isPackage && (await bringsProgram(file, program))) continue;
    tools.push(tool);
    if (program !== 'protoc') continue;
    for (const plugin of protocPlugins) if (plugin.option.test(text)) tools.push(plugin.tool);
  }
  return tools;
}

const dependencyTables = ['dependencies', 'devDependencies', 'optionalDependencies'];

async function dependsOn(inventory: Inventory, folder: string, name: string): Promise<boolean> {
  const manifest = fileIn(inventory, folder, 'package.json') ?? fileIn(inventory, '.', 'package.json');
  const document = manifest === null ? null : await parseJsonFile(manifest);
  return dependencyTables.some((table) => valueAt(document?.value, [table, name]) !== undefined);
}

/** Whether one of the package's dependencies may bring a program of this name: `@bufbuild/buf` brings `buf`. */
async function bringsProgram(file: ScriptLine['file'], program: string): Promise<boolean> {
  const document = await parseJsonFile(file);
  return dependencyTables.some((table) => {
    const entries = valueAt(document?.value, [table]);
    return (
      isRecord(entries) && Object.keys(entries).some((name) => name.split(/[@/]|-cli\b/).includes(program))
    );
  });
}
