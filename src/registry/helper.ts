import { ExitCode, NidifyError } from '../errors.ts';
import { isRecord } from '../parse/value.ts';
import type { Credentials } from './types.ts';

const timeoutMs = 60_000;

/** What helpers of clouds, key rings and password stores look for, besides what every program gets. */
const wanted =
  /^(?:AWS_|AZURE_|GOOGLE_|CLOUDSDK_|DBUS_|DISPLAY$|WAYLAND_DISPLAY$|GNUPGHOME$|GPG_|PASSWORD_STORE_|DOCKER_CONFIG$|REGISTRY_AUTH_FILE$)/;

/** Said on standard output, of all places. */
const notFound = /credentials not found|no credentials server URL/i;

/**
 * Asks `docker-credential-<name>`: https://github.com/docker/docker-credential-helpers#development. What it prints is
 * secret, and in no message.
 *
 * @throws NidifyError `credential-helper-failed` (exit 6), `tool-missing` (4)
 */
export async function askHelper(
  name: string,
  server: string,
  signal: AbortSignal | undefined,
): Promise<Credentials | null> {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) throw failed('a credential helper', 'its name is none');
  const program = `docker-credential-${name}`;
  // Few need it: what starts programs is loaded then.
  const { exec } = await import('../exec.ts');
  const { exitCode, stdout } = await exec({
    program,
    args: ['get'],
    cwd: '/',
    stdin: server,
    timeoutMs,
    maxOutputBytes: 1024 * 1024,
    signal,
    allow: Object.keys(process.env).filter((variable) => wanted.test(variable)),
    whenMissing: 'The log-ins to registries name it as their store: install it, or log in anew without it.',
  });
  const text = stdout.toString('utf8');
  if (exitCode !== 0) {
    if (notFound.test(text)) return null;
    throw failed(program, `it ended with exit code ${exitCode}`);
  }
  const answer = parsed(text);
  const [username, secret] = isRecord(answer) ? [answer.Username, answer.Secret] : [];
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw failed(program, 'it prints no log-in');
  return username === '<token>' ? { identityToken: secret } : { username, password: secret };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failed(program: string, why: string): NidifyError {
  return new NidifyError({
    code: 'credential-helper-failed',
    message: `${program} gives no log-in: ${why}`,
    hint: 'Try it by hand: echo HOST | docker-credential-NAME get',
    exitCode: ExitCode.refused,
  });
}
