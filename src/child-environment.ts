import path from 'node:path';

export interface EnvironmentChoice {
  /** Names of this process's environment that pass besides the allow-list. */
  allow?: readonly string[];
  /** Variables that are set for the program. */
  env?: Readonly<Record<string, string>>;
}

/** Names that pass from this process's environment to every program. */
const allowedNames = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TERM'],
  ...['NIX_PATH', 'NIX_REMOTE', 'NIX_CONF_DIR', 'NIX_USER_CONF_FILES', 'NIX_STORE_DIR', 'NIX_STATE_DIR'],
  ...['NIX_LOG_DIR', 'NIX_DATA_DIR', 'NIX_PROFILES', 'NIX_SSHOPTS', 'NIX_SSL_CERT_FILE'],
  'NIX_DAEMON_SOCKET_PATH',
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH'],
  ...['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'ALL_PROXY', 'NO_PROXY'],
]);
const allowedPrefix = /^(LC_|XDG_)/;
const secretName = /secret|token|passw|credential|api_?key|private_?key|access_?key|auth/i;

/**
 * The environment of a program: allowed names, never one that looks like a secret unless the caller names
 * it, and a PATH without relative folders, which would let a repository stand in for a program.
 */
export function childEnvironment(
  from: NodeJS.ProcessEnv,
  { allow = [], env = {} }: EnvironmentChoice = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined) continue;
    const isAllowed = (allowedNames.has(name) || allowedPrefix.test(name)) && !secretName.test(name);
    if (isAllowed || allow.includes(name)) environment[name] = value;
  }
  const folders = (environment.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return { ...environment, PATH: folders.join(path.delimiter), ...env };
}
