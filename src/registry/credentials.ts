/**
 * Who the user is for a registry, as docker and podman keep it:
 * https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md,
 * https://docs.docker.com/reference/cli/docker/login/
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { ExitCode, isErrno, NidifyError } from '../errors.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../parse/value.ts';
import { askHelper } from './helper.ts';
import type { Credentials, CredentialsSource } from './types.ts';

/** Docker's registry has names of its own, and keeps its credentials under the oldest. */
const dockerHub = 'https://index.docker.io/v1/';
const dockerNames = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

export interface CredentialsOptions {
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/**
 * Looks in the files of docker and podman, and asks the helpers that these name. The first file that knows the
 * registry counts.
 *
 * The source throws NidifyError `credentials-unreadable` (exit 2) for a file that is no JSON or may not be read,
 * `credential-helper-failed` (6), `tool-missing` (4) for a helper that is not there.
 */
export function userCredentials({
  environment = process.env,
  signal,
}: CredentialsOptions = {}): CredentialsSource {
  return async (host, repository) => {
    for (const file of filesOf(environment)) {
      const document = read(file);
      const found = document === null ? null : await credentialsIn(document, host, repository, signal);
      if (found !== null) return found;
    }
    return null;
  };
}

function filesOf(environment: NodeJS.ProcessEnv): string[] {
  const { REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = environment;
  // Named on purpose, it is the only one.
  if (REGISTRY_AUTH_FILE) return [REGISTRY_AUTH_FILE];
  const home = environment.HOME || homedir();
  return [
    path.join(DOCKER_CONFIG || path.join(home, '.docker'), 'config.json'),
    ...(XDG_RUNTIME_DIR ? [path.join(XDG_RUNTIME_DIR, 'containers/auth.json')] : []),
    path.join(XDG_CONFIG_HOME || path.join(home, '.config'), 'containers/auth.json'),
  ];
}

/** What stands in a file is secret: a message names the file alone. */
function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (isErrno(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw new NidifyError({
      code: 'credentials-unreadable',
      message: `${file} cannot be read: ${isErrno(cause) ? cause.code : 'it is no JSON'}`,
      hint: 'It holds the log-ins to registries: repair it, or name another one in REGISTRY_AUTH_FILE.',
      exitCode: ExitCode.usage,
    });
  }
}

async function credentialsIn(
  document: unknown,
  host: string,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<Credentials | null> {
  const isDocker = dockerNames.has(host);
  const server = isDocker ? dockerHub : host;
  const names = isDocker ? [...dockerNames] : [host];
  const keys = names.flatMap((name) => [...prefixesOf(`${name}/${repository}`)]);
  const helpers = valueAt(document, ['credHelpers']);
  const named = [...keys, dockerHub]
    .filter((key) => key !== dockerHub || isDocker)
    .map((key) => stringAt(helpers, [key]))
    .find((each) => each !== null);
  if (named !== undefined && named !== null) return askHelper(named, server, signal);
  const auths = entriesAt(document, ['auths']);
  for (const key of keys) {
    // As docker writes them, keys may be addresses: `https://registry.example.com/v1/`.
    const entry = auths.find(([name]) => name === key) ?? auths.find(([name]) => plainKey(name) === key);
    const found = entry === undefined ? null : credentialsOf(entry[1]);
    if (found !== null) return found;
  }
  const store = stringAt(document, ['credsStore']);
  return store === null ? null : askHelper(store, server, signal);
}

/** `host/team/shop`, `host/team`, `host`: the nearest counts. */
function* prefixesOf(name: string): Generator<string> {
  for (let at = name; ; at = at.slice(0, at.lastIndexOf('/'))) {
    yield at;
    if (!at.includes('/')) return;
  }
}

function plainKey(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');
}

function credentialsOf(entry: unknown): Credentials | null {
  if (!isRecord(entry)) return null;
  // Before the others, as Docker's clients take it: it is what they would be exchanged for.
  const registryToken = stringAt(entry, ['registrytoken']);
  if (registryToken !== null && /^[\x21-\x7e]+$/.test(registryToken)) return { registryToken };
  const identityToken = stringAt(entry, ['identitytoken']);
  if (identityToken !== null) return { identityToken };
  const [username, password] = [entry.username, entry.password];
  if (typeof username === 'string' && typeof password === 'string' && username !== '') {
    return { username, password };
  }
  const text = Buffer.from(stringAt(entry, ['auth']) ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon <= 0) return null;
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
}
