/** What lines of shell install: packages of a distribution, and extensions of PHP. Linear; never throws. */

/** A physical line, with its number from 1. */
export interface Line {
  text: string;
  line: number;
}

export interface Installed {
  name: string;
  line: number;
}

export interface Installs {
  /** Of apt or apk. */
  packages: Installed[];
  /** Of PHP. */
  extensions: Installed[];
}

/** Options whose value is the next word: apt-get(8), apk(8). */
const aptValues = new Set(['-o', '-t', '-c', '-a', '--option', '--target-release', '--config-file']);
const apkValues = new Set(['-t', '--virtual', '-X', '--repository', '-p', '--root', '--arch']);

/** Names of Debian (https://www.debian.org/doc/debian-policy/ch-controlfields.html#source) and Alpine, with architecture and version. */
const packageName =
  /^(?<name>[a-z0-9][a-z0-9+._-]{1,80})(?::[a-z0-9-]{1,20})?(?:[=~<>@][\w.:~+*@=<>${}-]{0,80})?$/i;

const maxWords = 20_000;
const maxInstalls = 1000;

/** The name of a package, without architecture and version; null for what is none: a path, a variable. */
export function packageNamed(word: string): string | null {
  return packageName.exec(word.slice(0, 200))?.groups?.name?.toLowerCase() ?? null;
}

/** Takes the words behind a command that installs. */
interface Reader {
  kind: 'apt' | 'apk' | 'php';
  /** The next word is the value of an option. */
  skip: boolean;
}

/**
 * What the lines of one script install. A line that ends with a backslash is continued by the next; comments between
 * them are passed over, as Dockerfiles allow.
 */
export function installsOf(lines: readonly Line[]): Installs {
  const found: Installs = { packages: [], extensions: [] };
  let words = 0;
  let command: string[] = [];
  let reader: Reader | null = null;
  for (const { text, line } of lines) {
    const trimmed = text.slice(0, 10_000).trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const isContinued = trimmed.endsWith('\\');
    const plain = isContinued ? trimmed.slice(0, -1) : trimmed;
    for (const word of wordsOf(plain)) {
      if (word === '') continue;
      if (++words > maxWords || found.packages.length + found.extensions.length > maxInstalls) return found;
      if (word.startsWith('#')) break;
      if (/^(&&|\|\||[;|()<>]|then|else|do|fi|done)$/.test(word)) {
        command = [];
        reader = null;
      } else if (reader !== null) {
        take(reader, word.replace(/^["']|["']$/g, ''), line, found);
      } else if (command.length < 30) {
        command.push(word);
        reader = readerOf(command);
      }
    }
    if (isContinued) continue;
    command = [];
    reader = null;
  }
  return found;
}

/** Words and operators; what another command gives (`$(nproc)`) is a word that is not known. */
function wordsOf(text: string): string[] {
  return text
    .replace(/\$\([^()]{0,200}\)/g, '$')
    .replace(/(&&|\|\||[;|()<>])/g, ' $1 ')
    .split(/\s+/);
}

/** What the words so far begin: packages follow, or extensions; null where neither does. */
function readerOf(command: readonly string[]): Reader | null {
  const last = command.at(-1) ?? '';
  if (/^(.*\/)?(docker-php-ext-(install|enable)|install-php-extensions)$/.test(last))
    return { kind: 'php', skip: false };
  const program = command.findLast((word) => /^(.*\/)?(apt|apt-get|aptitude|apt-fast|apk|pecl)$/.test(word));
  if (program === undefined || program === last) return null;
  const kind = program.endsWith('apk') ? 'apk' : program.endsWith('pecl') ? 'php' : 'apt';
  return last === (kind === 'apk' ? 'add' : 'install') ? { kind, skip: false } : null;
}

function take(reader: Reader, word: string, line: number, found: Installs): void {
  if (reader.skip) {
    reader.skip = false;
    return;
  }
  if (word.startsWith('-')) {
    reader.skip = reader.kind === 'apk' ? apkValues.has(word) : reader.kind === 'apt' && aptValues.has(word);
    return;
  }
  if (reader.kind === 'php') {
    // `redis-6.0.2`, `xdebug@3`: an extension at a version.
    const name = /^(?<name>[a-z][\w]{1,40})(?:[-@^].{0,40})?$/i.exec(word.slice(0, 100))?.groups?.name;
    if (name !== undefined) found.extensions.push({ name: name.toLowerCase(), line });
    return;
  }
  const name = packageNamed(word);
  if (name !== null && !/\.(deb|apk)$/.test(name)) found.packages.push({ name, line });
}
