import { claimMatcher } from '../scan/claims.ts';
import { parseFindings } from './shared/parsed.ts';
import type { DetectContext, Detector, Need } from './types.ts';

/**
 * Asks every ecosystem that has a file in the repository, in the order of the list. Their code is loaded
 * only then.
 */
export async function detect(context: DetectContext, detectors: readonly Detector[]): Promise<Need[]> {
  const paths = [...context.inventory.files.keys()].filter((path) => !context.ignored(path));
  const concerned = detectors.filter(({ claims }) => paths.some(hasClaim(claimMatcher([claims]))));
  const answers = await Promise.all(
    concerned.map(async (detector) => (await detector.load())(context)),
  );
  return [...answers.flat(), ...parseFindings(context.inventory.files.values())];
}

function hasClaim(claim: ReturnType<typeof claimMatcher>) {
  return (path: string) => claim(path) !== null;
}
