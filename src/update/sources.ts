import { ExitCode, NidifyError } from '../errors.ts';
import { fetchText } from '../http/http.ts';
import { isRevision } from '../lock/read.ts';
import { withoutPassword } from '../text/address.ts';

/** Where channels and their sources come from. */
export interface Sources {
  /** Without a slash at the end. `<channels>/<channel>/git-revision` is a channel's newest revision. */
  channels: string;
  /** `<tarballs>/<revision>.tar.gz` is its source tree. */
  tarballs: string;
  /** Instead of the registry of docker.io, without a slash at the end; null for that one. */
  registry: string | null;
}

const defaults: Sources = {
  channels: 'https://channels.nixos.org',
  tarballs: 'https://github.com/NixOS/nixpkgs/archive',
  registry: null,
};

/**
 * The public addresses, or the mirrors that `NIDIFY_CHANNELS_URL`, `NIDIFY_TARBALL_URL` and
 * `NIDIFY_REGISTRY_MIRROR` name.
 *
 * @throws NidifyError `mirror-invalid` (usage)
 */
export function sourcesFrom(env: NodeJS.ProcessEnv): Sources {
  return {
    channels: address('NIDIFY_CHANNELS_URL', env.NIDIFY_CHANNELS_URL) ?? defaults.channels,
    tarballs: address('NIDIFY_TARBALL_URL', env.NIDIFY_TARBALL_URL) ?? defaults.tarballs,
    registry: address('NIDIFY_REGISTRY_MIRROR', env.NIDIFY_REGISTRY_MIRROR),
  };
}

function address(name: string, value: string | undefined): string | null {
  if (value === undefined || value === '') return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if ((url?.protocol !== 'https:' && url?.protocol !== 'http:') || url.search !== '' || url.hash !== '') {
    throw new NidifyError({
      code: 'mirror-invalid',
      message: `${name} is not an http(s) address without query`,
      exitCode: ExitCode.usage,
    });
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * The newest revision of a channel that its tests let pass.
 *
 * @throws NidifyError as `fetchText`; `response-refused` (6) when the answer is no revision
 */
export async function newestRevision(
  channel: string,
  sources: Pick<Sources, 'channels'>,
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<string> {
  const url = `${sources.channels}/${encodeURIComponent(channel)}/git-revision`;
  const text = (await fetchText(url, { ...options, maxBytes: 1024 })).trim();
  if (isRevision(text)) return text;
  throw new NidifyError({
    code: 'response-refused',
    message: `${withoutPassword(url)} does not say a revision`,
    hint: 'A proxy or a log-in page may stand between: open the address in a browser.',
    exitCode: ExitCode.refused,
  });
}
