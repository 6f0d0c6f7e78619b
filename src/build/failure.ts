import { existsSync } from 'node:fs';
import { ExitCode, NidifyError } from '../errors.ts';
import type { NixLog } from './log.ts';

/** What Nix could not do, found by its words; the first that matches counts. */
interface Known {
  words: RegExp;
  code: string;
  message: string;
  hint: string | (() => string);
  exitCode: ExitCode;
}

const known: readonly Known[] = [
  {
    words:
      /does not support the kernel namespaces|user namespaces are not enabled|unable to start build process|setgroups failed|(cloning builder process|unshar\w+|setting up (a )?private mount namespace|mounting \/proc)[^\n]*(Operation not permitted|Permission denied|Invalid argument|No space left)/i,
    code: 'sandbox-missing',
    message: 'Nix cannot make a sandbox here: the kernel refuses the namespaces that it needs',
    hint: namespacesHint,
    exitCode: ExitCode.refused,
  },
  {
    words:
      /the group '([^']*)' specified in 'build-users-group' does not exist|no build users|has no members/i,
    code: 'sandbox-missing',
    message: 'Nix cannot build here: the group of build users that its configuration names does not exist',
    hint: 'Create it (the Nix installer does), or, where root alone uses this machine, write `build-users-group =` into nix.conf.',
    exitCode: ExitCode.refused,
  },
  {
    words: /getting (attributes|status) of (path )?['"][^'"]*(bash-static|busybox|\/bin\/sh)|sandbox-paths/i,
    code: 'sandbox-missing',
    message: 'Nix cannot make its sandbox: `sandbox-paths` of nix.conf names a file that is not there',
    hint: 'Install that file (Debian: `apt install bash-static`), or correct `sandbox-paths` in nix.conf; it may be empty.',
    exitCode: ExitCode.refused,
  },
  {
    words: /hash mismatch in (fixed-output derivation|file downloaded)/i,
    code: 'hash-mismatch',
    message: 'something that was downloaded is not what its hash says',
    hint: 'The source changed or a proxy altered it: try without the proxy, or move the pins with `nidify update`.',
    exitCode: ExitCode.buildFailed,
  },
  {
    words: /No space left on device|disk( is)? full/i,
    code: 'disk-full',
    message: 'the disk is full',
    hint: 'Make room: `nix store gc` removes what nothing refers to. Then run the command again.',
    exitCode: ExitCode.temporary,
  },
  {
    words:
      /Read-only file system|remounting \S+ writable|(opening lock file|creating directory|database|opening)[^\n]*(Permission denied|readonly database)/i,
    code: 'store-not-writable',
    message: 'the Nix store cannot be written',
    hint: 'Start the Nix daemon, run as the owner of the store, or take a store of your own: `--store DIR`.',
    exitCode: ExitCode.toolMissing,
  },
  {
    words: /cannot connect to (socket|daemon)|daemon-socket[^\n]*(Connection refused|No such file)/i,
    code: 'daemon-missing',
    message: 'the Nix daemon does not answer',
    hint: 'Start it (`systemctl start nix-daemon`, or `nix-daemon` as root), or take a store of your own: `--store DIR`.',
    exitCode: ExitCode.toolMissing,
  },
  {
    words:
      /SSL (peer certificate|certificate problem|connect error)|certificate verify failed|problem with the (local )?SSL certificate|peer.? certificate/i,
    code: 'certificate-untrusted',
    message: 'a server shows a certificate that this machine does not trust',
    hint: 'Behind a proxy that decrypts, or with a server of your company: name its certificates with NIX_SSL_CERT_FILE=FILE (a bundle that has the public ones too), for the Nix daemon as well.',
    exitCode: ExitCode.refused,
  },
  {
    words:
      /unable to download|Could ?n.t resolve host|Could not resolve|Connection (refused|timed out)|Failed to connect/i,
    code: 'network-unavailable',
    message: 'something could not be downloaded',
    hint: 'Try again later; behind a proxy set https_proxy, with a mirror of nixpkgs NIDIFY_TARBALL_URL.',
    exitCode: ExitCode.temporary,
  },
  {
    words: /timed out after \d+ seconds/i,
    code: 'build-timed-out',
    message: 'a derivation was not done in time and was ended',
    hint: 'Give it longer with --timeout SECONDS; what was built already is kept.',
    exitCode: ExitCode.buildFailed,
  },
  {
    words: /killed after writing more than \d+ bytes of log output/i,
    code: 'build-log-limit',
    message: 'a derivation printed without end and was ended',
    hint: 'Its last lines are above.',
    exitCode: ExitCode.buildFailed,
  },
  {
    words: /lacks a signature by a trusted key|not signed by any of the keys|no signature is trusted/i,
    code: 'signature-missing',
    message: 'a binary cache offers what no trusted key has signed',
    hint: 'Name the key of the cache with --trusted-key NAME:BASE64, if you trust it.',
    exitCode: ExitCode.refused,
  },
  {
    words: /Refusing to evaluate|has an unfree license|is marked as insecure/i,
    code: 'package-refused',
    message: 'nixpkgs refuses a package of the environment',
    hint: '`nidify explain` says who asks for it.',
    exitCode: ExitCode.unserved,
  },
];

/** Why a run of Nix failed, in words for people, with the way out where it is known. */
export function nixFailure(what: string, log: NixLog): NidifyError {
  const errors = log.errors();
  const tail = log.builderTail();
  const text = [...errors, ...log.warnings(), ...tail].join('\n');
  const said = errors.filter((line) => /error/i.test(line)).at(-1) ?? errors.at(-1) ?? 'it said nothing';
  const found = known.find(({ words }) => words.test(text));
  const lines = [...tail.slice(-10), said.trim().replace(/^error:\s*/, '')].map((line) => line.slice(0, 400));
  if (found === undefined) {
    return new NidifyError({
      code: 'build-failed',
      message: [`${what} failed:`, ...lines].join('\n'),
      hint: '`nix log DERIVATION` prints what a builder said in full.',
      exitCode: ExitCode.buildFailed,
    });
  }
  const { code, message, hint, exitCode } = found;
  return new NidifyError({
    code,
    message: [`${what}: ${message}`, ...lines].join('\n'),
    hint: typeof hint === 'function' ? hint() : hint,
    exitCode,
  });
}

/** Depends on where this is: a container's runtime forbids it, or the kernel's settings do. */
export function namespacesHint(): string {
  if (isContainer()) {
    return (
      'This is a container. Start it with `--security-opt seccomp=unconfined --security-opt systempaths=unconfined` ' +
      '(Docker, Podman); in Kubernetes with `hostUsers: false`, `procMount: Unmasked` and a Localhost seccomp profile; ' +
      'or use a remote builder.'
    );
  }
  return (
    'Allow user namespaces: `sysctl user.max_user_namespaces=15000`; on Debian also ' +
    '`kernel.unprivileged_userns_clone=1`, on Ubuntu `kernel.apparmor_restrict_unprivileged_userns=0`. ' +
    'Or build through the Nix daemon with its build users.'
  );
}

export function isContainer(): boolean {
  return (
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv') ||
    process.env.KUBERNETES_SERVICE_HOST !== undefined ||
    process.env.container !== undefined
  );
}
