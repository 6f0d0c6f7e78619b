/** What builders and engines fail with, in words that say what to do. */
import { ExitCode, NidifyError } from '../errors.ts';

interface Known {
  words: RegExp;
  code: string;
  message: string;
  hint: string;
  exitCode: ExitCode;
}

/** The first that fits, in this order. */
const known: readonly Known[] = [
  {
    words: /no space left on device|disk quota exceeded/i,
    code: 'disk-full',
    message: 'the disk is full',
    hint: 'Make room (`docker system prune`, `podman system prune`), and run the command again.',
    exitCode: ExitCode.temporary,
  },
  {
    words:
      /manifest unknown|manifest for \S+ not found|repository does not exist|name unknown|pull access denied/i,
    code: 'image-missing',
    message: 'the base image is not in its registry',
    hint: 'See "container.base" in nidify.jsonc, or name another with --base-image REFERENCE.',
    exitCode: ExitCode.unserved,
  },
  {
    words:
      /exec format error|does not match the specified platform|no match for platform|no image found in .* for architecture/i,
    code: 'wrong-architecture',
    message: 'the base image is for another processor than this machine',
    hint: 'Take an image that exists for it, or a machine that the image is for.',
    exitCode: ExitCode.unserved,
  },
  {
    words: /are in no binary cache, and are not compiled here/i,
    code: 'toolchain-not-cached',
    message: 'parts of the environment are in no binary cache',
    hint: 'Build with `nidify build --target container`, which compiles them in the sandbox of Nix first.',
    exitCode: ExitCode.buildFailed,
  },
  {
    words: /cannot connect to the docker daemon|is the docker daemon running|error during connect/i,
    code: 'engine-unreachable',
    message: 'the container engine stopped answering',
    hint: 'Start it again, and run the command again.',
    exitCode: ExitCode.temporary,
  },
  {
    words:
      /dial tcp|i\/o timeout|no such host|temporary failure (in name resolution|resolving)|could not resolve|connection refused|tls handshake timeout|unable to fetch some archives|failed to fetch/i,
    code: 'network-unavailable',
    message: 'something could not be downloaded',
    hint: 'Try again later; behind a proxy set https_proxy. Where the builder’s own network has no way out: --build-network host.',
    exitCode: ExitCode.temporary,
  },
  {
    words:
      /cannot clone: operation not permitted|newuidmap|user namespaces are not enabled|potentially insufficient UIDs/i,
    code: 'engine-not-set-up',
    message: 'the engine may not make the user namespaces that it needs',
    hint: '`nidify doctor` says what this machine lacks (user namespaces, /etc/subuid).',
    exitCode: ExitCode.toolMissing,
  },
];

/** @param lines the end of what the program printed */
export function containerFailure(what: string, lines: readonly string[]): NidifyError {
  const text = lines.join('\n');
  const tail = lines.slice(-12).join('\n');
  const found = known.find(({ words }) => words.test(text));
  return new NidifyError({
    code: found?.code ?? 'image-build-failed',
    message: `${what} failed${found === undefined ? '' : `: ${found.message}`}${tail === '' ? '' : `\n${tail}`}`,
    ...(found === undefined ? {} : { hint: found.hint }),
    exitCode: found?.exitCode ?? ExitCode.buildFailed,
  });
}
