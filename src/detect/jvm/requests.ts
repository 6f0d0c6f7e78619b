/** From everything that speaks of a JDK to requests in the order in which they decide. */
import {
  coverage,
  everything,
  type Interval,
  intersection,
  type VersionSet,
} from '../../versions/interval.ts';
import { javaFeature } from '../../versions/java.ts';
import { readRequest } from '../../versions/request.ts';
import type { VersionRequest } from '../types.ts';

export interface JdkWishes {
  /** What names a JDK: version files, toolchains. */
  pins: readonly VersionRequest[];
  /** Which release the code is compiled for; of several, the highest decides. */
  targets: readonly VersionRequest[];
  /** On which JDKs the build tool, the compiler or a framework runs. */
  bounds: readonly VersionRequest[];
}

/**
 * A pin decides. Else the JDK whose number the code is compiled for: javac compiles for older releases too
 * (`--release`, https://openjdk.org/jeps/247), but only that JDK also runs tests as production does. Where the build
 * tool does not run on it, a newer one that it runs on compiles the code for it.
 */
export function jdkRequests({ pins, targets, bounds }: JdkWishes): VersionRequest[] {
  const [target] = [...targets].sort((a, b) => featureOf(b) - featureOf(a));
  const own = target === undefined ? [] : [target];
  if (pins.length > 0) return [...pins, ...own, ...bounds];
  const allowed = intersection(bounds.map(setOf));
  if (target === undefined) {
    const [first, ...others] = bounds;
    return first === undefined || others.length === 0 || allowed.length === 0
      ? [...bounds]
      : [within(allowed, strictest(bounds)), ...bounds];
  }
  const feature = featureOf(target);
  if (coverage(allowed, { from: [feature], to: [feature + 1] }) !== 'none') return [target, ...bounds];
  const both = intersection([allowed, setOf(target)]);
  const strict = strictest(bounds, feature);
  return both.length === 0 || strict === null ? [target, ...bounds] : [within(both, strict), ...bounds];
}

/** A request for what lies in a set, on the evidence of another. */
function within(set: VersionSet, evidence: VersionRequest | null): VersionRequest {
  const raw = set.map(({ from, to }) =>
    [`>=${text(from)}`, ...(to === null ? [] : [`<${text(to)}`])].join(' '),
  );
  return {
    raw: raw.join(' || '),
    scheme: 'semver',
    because: evidence?.because ?? { file: '', line: null, text: '', rule: 'java/bounds' },
  };
}

function text(version: Interval['from']): string {
  return version.length === 0 ? '0' : version.slice(0, 3).join('.');
}

/** The bound that refuses a release; else the one that allows least. */
function strictest(bounds: readonly VersionRequest[], feature?: number): VersionRequest | null {
  const refusing =
    feature === undefined
      ? undefined
      : bounds.find((each) => coverage(setOf(each), { from: [feature], to: [feature + 1] }) === 'none');
  return refusing ?? bounds[0] ?? null;
}

export function setOf(request: VersionRequest): VersionSet {
  const wish = readRequest(request);
  return wish.kind === 'set' ? wish.set : everything;
}

export function featureOf({ raw }: VersionRequest): number {
  return javaFeature(raw) ?? 0;
}
