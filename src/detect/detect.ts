import { parseFindings } from './shared/parsed.ts';
import { isBelow } from './shared/tree.ts';
import type { DetectContext, Detector, Need, ToolchainNeed } from './types.ts';

/** Asks the ecosystems; their code is loaded only now. */
export async function detect(context: DetectContext, detectors: readonly Detector[]): Promise<Need[]> {
  return [...(await ask(context, detectors)), ...parseFindings(context.inventory.files.values())];
}

/** What the ecosystems say, without the findings on files that cannot be parsed. */
export async function ask(context: DetectContext, detectors: readonly Detector[]): Promise<Need[]> {
  const answers = await Promise.all(detectors.map(async (detector) => (await detector.load())(context)));
  return withStatements(answers.flat());
}

/** What the environment's own files say of a toolchain, behind what the language's files say of it. */
function withStatements(needs: readonly Need[]): Need[] {
  const stated = needs.filter((need) => need.kind === 'toolchain' && need.stated === true);
  if (stated.length === 0) return [...needs];
  const isOwn = (need: Need): need is ToolchainNeed =>
    need.kind === 'toolchain' && need.stated !== true && need.optional !== true;
  const own = new Set(needs.filter(isOwn).map(({ id }) => id));
  return needs.flatMap((need): Need[] => {
    if (need.kind !== 'toolchain') return [need];
    if (need.stated === true) return own.has(need.id) ? [] : [need];
    const more = stated.flatMap((each) =>
      each.kind === 'toolchain' && each.id === need.id && isBelow(need.project, each.project)
        ? each.requests
        : [],
    );
    return [{ ...need, requests: [...need.requests, ...more] }];
  });
}
