/** Protocol buffers: Buf's configuration, and repositories of definitions alone. docs/ecosystems/protobuf.md. */
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile, parseYamlFile } from '../shared/parsed.ts';
import { ancestors, fileIn, filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';

export const detectProtobuf: Detect = async (context) =>
  context.isLast === true ? definitions(context) : plugins(context);

/** Generators within protoc itself: https://buf.build/docs/configuration/v2/buf-gen-yaml/#type-of-plugin */
const builtIn = new Set(['cpp', 'csharp', 'java', 'kotlin', 'objc', 'php', 'pyi', 'python', 'ruby', 'rust']);

/** Packages whose name is not that of the program, and npm packages that bring one. */
const packages: Readonly<Record<string, string>> = {
  'protoc-gen-grpc-gateway': 'grpc-gateway',
  'protoc-gen-openapiv2': 'grpc-gateway',
};
const npmPackages: Readonly<Record<string, string>> = {
  'protoc-gen-es': '@bufbuild/protoc-gen-es',
  'protoc-gen-connect-es': '@connectrpc/protoc-gen-connect-es',
  'protoc-gen-ts_proto': 'ts-proto',
  'protoc-gen-ts': '@protobuf-ts/plugin',
};

/** Programs that `buf generate` starts by itself; what the registry runs needs none. */
async function plugins(context: DetectContext): Promise<Need[]> {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['buf.gen.yaml', 'buf.gen.yml'])) {
    const folder = folderOf(file.path);
    if (isSideFolder(folder)) continue;
    const document = await parseYamlFile(file);
    const listed = valueAt(document?.value, ['plugins']);
    if (document === null || !Array.isArray(listed)) continue;
    for (const [at, plugin] of listed.entries()) {
      const program = programOf(plugin);
      if (program === null || (await isNpm(context.inventory, folder, program))) continue;
      const because = [evidence(file, document.line(['plugins', at]), 'protobuf/plugin')];
      needs.push({ kind: 'tool', id: packages[program] ?? program, project: '.', because });
    }
  }
  return needs;
}

/** `local` of version 2, `plugin` and `name` of version 1: https://buf.build/docs/configuration/v1/buf-gen-yaml/ */
function programOf(plugin: unknown): string | null {
  if (!isRecord(plugin) || stringAt(plugin, ['remote']) !== null) return null;
  if (stringAt(plugin, ['protoc_builtin']) !== null) return 'protobuf';
  const local = valueAt(plugin, ['local']);
  const program = typeof local === 'string' ? local : null;
  if (program !== null) return /^protoc-gen-[\w-]{1,60}$/.test(program) ? program : null;
  const name = stringAt(plugin, ['plugin']) ?? stringAt(plugin, ['name']);
  // A path is the repository's own, a name with slashes one of the registry's.
  if (name === null || valueAt(plugin, ['path']) !== undefined || !/^[\w-]{1,60}$/.test(name)) return null;
  return builtIn.has(name) ? 'protobuf' : `protoc-gen-${name}`;
}

async function isNpm(inventory: Inventory, folder: string, program: string): Promise<boolean> {
  const name = npmPackages[program];
  if (name === undefined) return false;
  for (const at of ancestors(folder)) {
    const manifest = fileIn(inventory, at, 'package.json');
    const value = manifest === null ? null : (await parseJsonFile(manifest))?.value;
    const tables = ['dependencies', 'devDependencies'];
    if (tables.some((table) => valueAt(value, [table, name]) !== undefined)) return true;
  }
  return false;
}

/** A repository of definitions: Buf's where it has a configuration, else protoc's. */
function definitions({ inventory }: DetectContext): Need[] {
  const protos = [...inventory.files.values()].filter(
    ({ path }) => path.endsWith('.proto') && !isSideFolder(folderOf(path)),
  );
  const config = ['buf.yaml', 'buf.yml', 'buf.work.yaml']
    .map((name) => fileIn(inventory, '.', name))
    .find((file) => file !== null);
  const [first] = protos;
  if (first === undefined) return [];
  if (config == null) return plain(first);
  const because = [presence(config.path, 'protobuf/buf')];
  const generates = ['buf.gen.yaml', 'buf.gen.yml'].some((name) => fileIn(inventory, '.', name) !== null);
  return [
    { kind: 'tool', id: 'buf', project: '.', because },
    project(because, {
      build: generates ? 'buf generate' : 'buf build',
      test: 'buf build',
      lint: 'buf lint',
    }),
  ];
}

function plain({ path }: ClaimedFile): Need[] {
  const because = [presence(path, 'protobuf/definition')];
  return [{ kind: 'tool', id: 'protobuf', project: '.', because }, project(because, {})];
}

function project(because: Evidence[], commands: Record<string, string>): Need {
  return {
    kind: 'project',
    path: '.',
    name: null,
    languages: ['protobuf'],
    frameworks: [],
    packageManager: null,
    commands,
    ports: [],
    because,
  };
}
