import { ExitCode, NidifyError } from '../errors.ts';

/** A Git repository that may be cloned. */
export interface CloneUrl {
  /** As Git takes it: without user and password where it is https, since arguments are in the process list. */
  url: string;
  /** What stood in an https address before the host; secret, the user name as well: it may be a token. */
  login: Login | null;
  protocol: 'https' | 'ssh' | 'file';
  /** Branch or tag; null for the remote's default branch. */
  ref: string | null;
  /** For messages: without user name and password. */
  shown: string;
}

export interface Login {
  username: string;
  /** Null: as Git's credential helpers know it. */
  password: string | null;
}

/** `user@host:path`: ssh in the form that people copy from a forge. */
const scp = /^(?<user>[\w.][\w.-]*)@(?<host>[\w.][\w.-]*|\[[0-9A-Fa-f:.]+\]):(?<path>[^-:\s][^\s]*)$/;
const scheme = /^[a-z][a-z0-9+.-]*:(\/\/|:)/i;

/** Whether an argument is meant as the address of a repository, allowed or not, rather than as a directory. */
export function looksLikeUrl(text: string): boolean {
  return scheme.test(text) || /^[^/\s]+@[^/\s]+:/.test(text);
}

/**
 * Reads the address of a repository, with an optional `#branch`.
 *
 * @param ref branch or tag; instead of `#branch`
 * @throws NidifyError `url-refused` (exit 2) for every other protocol and for what Git or ssh could take
 *   for an option
 */
export function parseCloneUrl(text: string, ref?: string): CloneUrl {
  const hash = text.indexOf('#');
  const url = hash === -1 ? text : text.slice(0, hash);
  const named = hash === -1 ? null : decode(text.slice(hash + 1));
  if (named !== null && ref !== undefined) throw refused('two branches are named: after # and with --ref');
  const wanted = ref ?? named;
  if (wanted !== null && !isRefName(wanted)) {
    throw refused(`${JSON.stringify(wanted)} is not the name of a branch or tag`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u0020\u007f-\u00a0\\]/.test(url)) throw refused('the address has a character that none has');
  return { ...addressOf(url), ref: wanted };
}

function addressOf(url: string): Omit<CloneUrl, 'ref'> {
  const short = scp.exec(url)?.groups;
  if (short !== undefined) return { url, protocol: 'ssh', login: null, shown: `${short.host}:${short.path}` };
  const parsed = URL.canParse(url) ? new URL(url) : null;
  switch (parsed?.protocol) {
    case 'https:':
    case 'ssh:':
      if (!/^(\[[0-9a-f:.]+\]|[\w.][\w.-]*)$/i.test(parsed.hostname)) throw refused('the host is not a name');
      if (/^(-|%2d)/i.test(parsed.username)) throw refused('the user looks like an option');
      if (/^\/+(-|%2d)/i.test(parsed.pathname)) throw refused('the path looks like an option');
      // As it was understood here, so that Git cannot understand it otherwise.
      return {
        ...separated(parsed),
        protocol: parsed.protocol === 'ssh:' ? 'ssh' : 'https',
        shown: `${parsed.protocol}//${parsed.host}${parsed.pathname}`,
      };
    case 'file:':
      if (parsed.host !== '' || !url.toLowerCase().startsWith('file:///')) {
        throw refused('a file:// address has three slashes and no host');
      }
      return { url, protocol: 'file', login: null, shown: url };
    case 'http:':
    case 'git:':
      throw refused(`${parsed.protocol}// is not encrypted: what it brings could be anybody's`);
    default:
      throw refused('this protocol is not one that nidify clones from');
  }
}

/** The user of ssh stays, which asks for a password, or for none, in its own way. */
function separated(address: URL): Pick<CloneUrl, 'url' | 'login'> {
  const url = new URL(address);
  const [username, password] = [decodeLogin(url.username), decodeLogin(url.password)];
  url.password = '';
  if (url.protocol === 'ssh:') return { url: url.href, login: null };
  url.username = '';
  if (username === '' && password === '') return { url: url.href, login: null };
  return { url: url.href, login: { username, password: password === '' ? null : password } };
}

/** Lines are how Git is told a login: https://git-scm.com/docs/git-credential#IOFMT */
function decodeLogin(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw refused('the user or the password is not encoded as an address is');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000\r\n]/.test(decoded)) throw refused('the user or the password has a character that none has');
  return decoded;
}

/** https://git-scm.com/docs/git-check-ref-format, without the names that look like options. */
export function isRefName(name: string): boolean {
  return (
    name !== '' &&
    name.length < 256 &&
    !name.startsWith('-') &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    !/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\.lock(\/|$)|(^|\/)\.|[/.]$|^\/|^@$/.test(name)
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('what follows # is not the name of a branch or tag');
  }
}

function refused(why: string): NidifyError {
  return new NidifyError({
    code: 'url-refused',
    message: `not cloned: ${why}`,
    hint: 'Allowed are https://, ssh://, git@host:path and file:///path, each with an optional #branch.',
    exitCode: ExitCode.usage,
  });
}
