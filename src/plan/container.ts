/** How the image of the container target is made. */
import { configEvidence, finding, type PlanContext } from './context.ts';
import { featuresOf, type Served } from './features.ts';
import type { Container, Finding, NestedContainer, Target } from './schema.ts';

/** The slim variant of Debian stable: its packages are where Docker in the image comes from. */
const baseImage = 'docker.io/library/debian:trixie-slim';

/**
 * Whether an image is Debian's own. Any other is a stranger's: the repository chose it, and its programs would start
 * as root with the project mounted.
 */
export function isDebian(reference: string): boolean {
  return /^docker\.io\/library\/debian(?=[:@]|$)/.test(reference);
}

/** Kinds whose own engine runs as a privileged container, which the policy refuses. */
const privileged: ReadonlySet<string> = new Set(['dagger']);

/**
 * Undefined where the target is no container, and where the repository has a devcontainer of its own and nobody
 * asked for another one beside it.
 */
export function containerOf(
  context: PlanContext,
  { kind }: Target,
  nested: readonly NestedContainer[],
  served: Served,
  findings: Finding[],
): Container | undefined {
  if (kind !== 'container') return undefined;
  const { config, locked } = context;
  const folder = folderFor(context, findings);
  if (folder === null) return undefined;
  const { policy, toolchain = 'nix', base, prewarm } = config.container ?? {};
  const { reference, digest } = parted(base ?? baseImage);
  const pinned = digest ?? locked?.images?.find((image) => image.reference === reference)?.digest ?? null;
  if (pinned === null) {
    findings.push(
      finding(
        'image-unpinned',
        'info',
        `the image ${reference} is named by its tag: what that means changes in time`,
        '`nidify update` asks the registry for its digest and pins it.',
        base === undefined ? [] : [configEvidence('container.base')],
      ),
    );
  }
  if (!isDebian(reference)) {
    findings.push(
      finding(
        'base-untrusted',
        'warning',
        `nidify.jsonc names ${reference} as the base image: its programs start as root, with the project mounted`,
        'Where you trust it, `nidify build`, `run` and `shell` take it with `--trust-base`.',
        [configEvidence('container.base')],
      ),
    );
  }
  const demanding = nested.find((each) => privileged.has(each.kind));
  if (demanding !== undefined && policy !== 'off') {
    findings.push(
      finding(
        'container-policy-off',
        policy === 'on' ? 'warning' : 'info',
        `${demanding.kind} runs its engine in a privileged container, which the policy at the Docker API refuses`,
        policy === 'on'
          ? 'Set "container": { "policy": "off" } in nidify.jsonc, or leave it out: then nidify does.'
          : 'The policy is off for this repository; the engine has no privileges outside of its container all the same.',
        demanding.because,
      ),
    );
  }
  return {
    folder,
    policy: policy ?? (demanding === undefined ? 'on' : 'off'),
    toolchain,
    ...(prewarm === undefined || prewarm.length === 0 ? {} : { prewarm }),
    ...(toolchain === 'features' ? { features: featuresOf(served, findings) } : {}),
    images: [{ key: 'base', reference, digest: pinned }],
  };
}

/** A devcontainer that somebody else wrote stays as it is: ours goes beside it, once that was asked for. */
function folderFor({ inventory, config }: PlanContext, findings: Finding[]): Container['folder'] | null {
  const own = devcontainers.find((path) => inventory.paths.includes(path));
  if (own === undefined) return '.devcontainer';
  const beside = '.devcontainer/nidify';
  if (config.target === 'container') return beside;
  findings.push(
    finding(
      'devcontainer-kept',
      'info',
      `the repository has a devcontainer of its own (${own}), so none is written`,
      `\`nidify generate --target container\` writes one beside it, in ${beside}.`,
      [{ file: own, line: null, text: '', rule: 'containers/devcontainer' }],
    ),
  );
  return null;
}

/** https://containers.dev/implementors/spec/#devcontainerjson */
const devcontainers = ['.devcontainer/devcontainer.json', '.devcontainer.json'];

/** The digest is part of a reference, but pinned apart from it. */
function parted(text: string): { reference: string; digest: string | null } {
  const [reference = text, digest = null] = text.split('@');
  return { reference, digest };
}
