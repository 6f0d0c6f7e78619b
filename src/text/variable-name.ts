/**
 * Names that a variable of the environment must not have, because `mkShell`, its builder or the shell
 * that enters it uses them for something else: the variable would be lost, or break the shell.
 */

const usedByTheDerivation = ['out', 'name', 'system', 'builder', 'args', 'outputs', 'stdenv', 'shell'];

/** Set anew, or ignored, by `nix develop`, `nix-shell` or the builder. */
const setByNix = [
  'HOME',
  'NIX_BUILD_CORES',
  'NIX_BUILD_SHELL',
  'NIX_BUILD_TOP',
  'NIX_ENFORCE_PURITY',
  'NIX_ATTRS_JSON_FILE',
  'NIX_ATTRS_SH_FILE',
  'NIX_LOG_FD',
  'NIX_REMOTE',
  'NIX_SSL_CERT_FILE',
  'NIX_STORE',
  'OLDPWD',
  'PATH',
  'PWD',
  'SHELL',
  'SHLVL',
  'SSL_CERT_FILE',
  'TEMP',
  'TEMPDIR',
  'TERM',
  'TMP',
  'TMPDIR',
  'TZ',
];

/** Read-only or special in bash, or read by it before anything runs. */
const usedByBash = [
  'CDPATH',
  'DIRSTACK',
  'ENV',
  'EPOCHREALTIME',
  'EPOCHSECONDS',
  'EUID',
  'EXECIGNORE',
  'FUNCNAME',
  'FUNCNEST',
  'GLOBIGNORE',
  'GROUPS',
  'IFS',
  'LINENO',
  'OPTARG',
  'OPTERR',
  'OPTIND',
  'PIPESTATUS',
  'POSIXLY_CORRECT',
  'PPID',
  'PROMPT_COMMAND',
  'PS0',
  'PS1',
  'PS2',
  'PS4',
  'RANDOM',
  'REPLY',
  'SECONDS',
  'SHELLOPTS',
  'SRANDOM',
  'TMOUT',
  'UID',
  '_',
];

/** Where the dynamic loader looks; `LD_LIBRARY_PATH` is the plan's `libraryPath`. */
const usedByTheLoader = ['LD_AUDIT', 'LD_LIBRARY_PATH', 'LD_PRELOAD'];

export const reservedVariableNames: ReadonlySet<string> = new Set([
  ...usedByTheDerivation,
  ...setByNix,
  ...usedByBash,
  ...usedByTheLoader,
]);

/** Families: bash's own; Nix's (`__structuredAttrs`); the dynamic loader's on macOS. */
const reservedFamily = /^(BASH|__|DYLD_)/;

/** Where attributes of `mkDerivation` and phases of its builder live: `buildInputs`, `shellHook`, `meta`. */
const attributeOfDerivations = /^[a-z][A-Za-z0-9]*$/;

/** Whether an environment variable of this name arrives in the shell and breaks nothing on its way. */
export function isSafeVariableName(name: string): boolean {
  return (
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) &&
    !reservedVariableNames.has(name) &&
    !reservedFamily.test(name) &&
    !attributeOfDerivations.test(name)
  );
}
