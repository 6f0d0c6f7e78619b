/** Projects of erlang.mk: https://erlang.mk/guide/ */
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { fileIn, filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { DetectContext, Need } from '../types.ts';

/** A Makefile beside erlang.mk; what the Makefile computes is not known. */
export async function erlangMkNeeds(context: DetectContext, taken: ReadonlySet<string>): Promise<Need[]> {
  const { inventory } = context;
  const needs = await Promise.all(
    filesNamed(context, ['erlang.mk'])
      .filter(({ path }) => !/(^|\/)(deps|vendor)\//.test(path))
      .map(async ({ path }) => {
        const folder = folderOf(path);
        const makefile = fileIn(inventory, folder, 'Makefile');
        if (makefile === null || taken.has(folder) || isSideFolder(folder)) return [];
        const because = [presence(path, 'erlang/erlang-mk')];
        const requests = await versionFileRequests(inventory, folder, ['erlang']);
        return [
          { kind: 'toolchain' as const, id: 'erlang', project: folder, requests, because },
          { kind: 'tool' as const, id: 'make', project: folder, because },
          ...nativeNeeds(context, folder, makefile),
          {
            kind: 'project' as const,
            path: folder,
            name: settings(makefile, /^PROJECT$/)[0]?.words[0] ?? null,
            languages: ['erlang'],
            frameworks: [],
            packageManager: null,
            commands: {
              install: 'make deps',
              build: 'make',
              test: 'make tests',
              start: 'make run',
              dev: 'make shell',
            },
            ports: [],
            because,
          },
        ];
      }),
  );
  return needs.flat();
}

function nativeNeeds({ native }: DetectContext, folder: string, makefile: ClaimedFile): Need[] {
  return settings(makefile, /^(BUILD_|TEST_|LOCAL_)?DEPS$/).flatMap(({ words, line }) =>
    words
      .filter((name) => native.hex.has(name))
      .map((name) => ({
        kind: 'dependency' as const,
        ecosystem: 'hex' as const,
        name,
        version: null,
        project: folder,
        because: [evidence(makefile, line, 'erlang/erlang-mk-deps')],
      })),
  );
}

function settings({ text }: ClaimedFile, wanted: RegExp): { words: string[]; line: number }[] {
  return (text ?? '').split('\n').flatMap((whole, at) => {
    const { name, value } =
      /^(?<name>[A-Z_]{1,40})\s{0,20}[:+?]?=(?<value>[^#]*)/.exec(whole.slice(0, 2000))?.groups ?? {};
    if (name === undefined || value === undefined || !wanted.test(name)) return [];
    return [{ words: value.split(/\s+/).filter((word) => /^[\w.-]+$/.test(word)), line: at + 1 }];
  });
}
