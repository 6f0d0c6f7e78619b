import { parseFindings } from './shared/parsed.ts';
import { ancestors } from './shared/tree.ts';
import type { DetectContext, Detector, Need, ToolchainNeed, VersionRequest } from './types.ts';

/** Asks the ecosystems; their code is loaded only now. */
export async function detect(context: DetectContext, detectors: readonly Detector[]): Promise<Need[]> {
  return [...(await ask(context, detectors)), ...parseFindings(context.inventory.files.values())];
}

/** What the ecosystems say, without the findings on files that cannot be parsed. */
export async function ask(context: DetectContext, detectors: readonly Detector[]): Promise<Need[]> {
  const answers = await Promise.all(detectors.map(async (detector) => (await detector.load())(context)));
  return withStatements(answers.flat());
}

/** What the surroundings say of a toolchain, behind what the language's files say of it: of the nearest folder first. */
function withStatements(needs: readonly Need[]): Need[] {
  const isStated = (need: Need): need is ToolchainNeed =>
    need.kind === 'toolchain' && need.stated !== undefined;
  const stated = new Map<string, ToolchainNeed[]>();
  const at = (id: string, project: string) => `${id}\0${project}`;
  for (const need of needs) {
    if (!isStated(need)) continue;
    const key = at(need.id, need.project);
    const known = stated.get(key);
    if (known === undefined) stated.set(key, [need]);
    else known.push(need);
  }
  if (stated.size === 0) return [...needs];
  const isOwn = (need: Need): need is ToolchainNeed =>
    need.kind === 'toolchain' && need.stated === undefined && need.optional !== true;
  const own = new Set(needs.filter(isOwn).map(({ id }) => id));
  return needs.flatMap((need): Need[] => {
    if (need.kind !== 'toolchain') return [need];
    if (need.stated === 'where-needed' || (need.stated === true && own.has(need.id))) return [];
    const others = ancestors(need.project).flatMap((folder) => stated.get(at(need.id, folder)) ?? []);
    if (others.length === 0) return [need];
    if (need.stated === true) {
      return [
        withExtensions(
          need,
          others.filter((each) => each.stated === 'where-needed'),
        ),
      ];
    }
    const more = others
      .flatMap(({ requests }) => requests)
      .map((request): VersionRequest => ({ stated: 'alone', ...request }));
    return [withExtensions({ ...need, requests: [...need.requests, ...more] }, others)];
  });
}

function withExtensions(need: ToolchainNeed, stated: readonly ToolchainNeed[]): ToolchainNeed {
  const known = need.extensions ?? [];
  const names = new Set(known.map(({ name }) => name));
  const more = stated
    .flatMap(({ extensions = [] }) => extensions)
    .filter(({ name }) => !names.has(name) && names.add(name) !== undefined);
  return more.length === 0 ? need : { ...need, extensions: [...known, ...more] };
}
