/** A program without any build tool: one file at the root, and nothing that says more. */
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { jdkPins } from '../jvm/version-files.ts';
import { folderOf, nameOf } from '../shared/tree.ts';
import type { DetectContext, Need } from '../types.ts';
import { mainFileNames } from './claims.ts';

/** Manifests of other languages: a source beside them is theirs to explain. */
const others =
  /^(package\.json|deno\.jsonc?|pyproject\.toml|requirements\.txt|setup\.py|Pipfile|go\.mod|Cargo\.toml|Gemfile|composer\.json|mix\.exs|pubspec\.yaml|CMakeLists\.txt|build\.sbt|build\.mill|build\.sc|project\.clj|deps\.edn|.*\.(csproj|sln|cabal))$/;

export async function lonelySource({ inventory }: DetectContext): Promise<Need[]> {
  const files = [...inventory.files.values()];
  const isMain = ({ path }: ClaimedFile) => mainFileNames.some((name) => name === nameOf(path));
  const main = files.find((file) => folderOf(file.path) === '.' && isMain(file));
  if (main === undefined || inventory.paths.some((path) => folderOf(path) === '.' && others.test(path)))
    return [];
  const lines = (main.text ?? '').slice(0, 20_000).split('\n');
  const at = lines.findIndex((line) => /^\s*package\s+[\w.]{1,200}\s*;/.test(line));
  const declared = /^\s*package\s+(?<name>[\w.]{1,200})\s*;/.exec(lines[at] ?? '')?.groups?.name;
  const because = [
    at === -1 ? presence(main.path, 'java/main-file') : evidence(main, at + 1, 'java/main-file'),
  ];
  const requests = await jdkPins(inventory, '.');
  const name = main.path.replace(/\.java$/, '');
  return [
    { kind: 'toolchain', id: 'java', project: '.', requests, because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['java'],
      frameworks: [],
      packageManager: null,
      commands: {
        build: `javac -d out ${main.path}`,
        start: `java -cp out ${declared === undefined ? name : `${declared}.${name}`}`,
        dev: `java ${main.path}`,
      },
      ports: [],
      because,
    },
  ];
}
