import { claimMatcher } from '../scan/claims.ts';
import type { Inventory } from '../scan/types.ts';
import { parseFindings } from './shared/parsed.ts';
import type { DetectContext, Detector, Need } from './types.ts';

/** The ecosystems that have a file in the repository, in the order of the list. */
export function concerned(inventory: Inventory, detectors: readonly Detector[]): Detector[] {
  const paths = [...inventory.files.keys()];
  return detectors.filter(({ claims }) => {
    const claim = claimMatcher([claims]);
    return paths.some((path) => claim(path) !== null);
  });
}

/** Asks the ecosystems; their code is loaded only now. */
export async function detect(context: DetectContext, detectors: readonly Detector[]): Promise<Need[]> {
  return [...(await ask(context, detectors)), ...parseFindings(context.inventory.files.values())];
}

/** What the ecosystems say, without the findings on files that cannot be parsed. */
export async function ask(context: DetectContext, detectors: readonly Detector[]): Promise<Need[]> {
  const answers = await Promise.all(detectors.map(async (detector) => (await detector.load())(context)));
  return answers.flat();
}
