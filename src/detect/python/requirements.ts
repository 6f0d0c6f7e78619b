/** pip's requirements files: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
import { normalName } from './names.ts';
import { extrasOf, parseRequirement, type Requirement } from './pep508.ts';

export type RequirementLine = { line: number } & (
  | { kind: 'requirement'; requirement: Requirement; isHashed: boolean }
  /** A package of the repository itself: `-e .`, `./libs/shared[extra]`. */
  | { kind: 'local'; path: string }
  | { kind: 'include'; path: string }
  | { kind: 'constraint'; path: string }
  | { kind: 'option'; name: string; value: string }
  /** Nothing that pip would take. */
  | { kind: 'unknown' }
);

/** The lines of a requirements file that say something, in their order. Never throws; linear in the text. */
export function parseRequirements(text: string): RequirementLine[] {
  const found: RequirementLine[] = [];
  for (const { line, content } of logicalLines(text)) {
    const entry = parseLine(content);
    if (entry !== null) found.push({ ...entry, line });
  }
  return found;
}

/** Lines joined at a backslash, without comments; the number is that of the first of them. */
function* logicalLines(text: string): Generator<{ line: number; content: string }> {
  let parts: string[] = [];
  let first = 1;
  let number = 0;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    number++;
    if (parts.length === 0) first = number;
    const isComment = /^\s*#/.test(raw);
    // As pip does: a comment ends a continued line, whatever it ends with.
    if (raw.endsWith('\\') && !isComment) {
      parts.push(raw.slice(0, -1));
      continue;
    }
    parts.push(isComment ? '' : raw);
    yield { line: first, content: withoutComment(parts.join('')) };
    parts = [];
  }
  if (parts.length > 0) yield { line: first, content: withoutComment(parts.join('')) };
}

/** A comment starts the line or follows white space: a URL's fragment is none. */
function withoutComment(content: string): string {
  for (let at = content.indexOf('#'); at !== -1; at = content.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(content[at - 1] ?? '')) return content.slice(0, at).trim();
  }
  return content.trim();
}

type Parsed = RequirementLine extends infer L
  ? L extends { line: number }
    ? Omit<L, 'line'>
    : never
  : never;

const optionPattern = /^(?<name>--[A-Za-z][A-Za-z-]*|-[A-Za-z])(?:\s*=\s*|\s+)?(?<value>.*)$/;

function parseLine(content: string): Parsed | null {
  if (content === '') return null;
  if (!content.startsWith('-')) return withHash(parseEntry(withoutOptions(content)), content);
  const { name, value = '' } = optionPattern.exec(content)?.groups ?? {};
  if (name === undefined) return { kind: 'unknown' };
  const argument = unquoted(value);
  switch (name) {
    case '-r':
    case '--requirement':
      return argument === '' ? { kind: 'unknown' } : { kind: 'include', path: argument };
    case '-c':
    case '--constraint':
      return argument === '' ? { kind: 'unknown' } : { kind: 'constraint', path: argument };
    case '-e':
    case '--editable':
      return argument === '' ? { kind: 'unknown' } : withHash(parseEntry(withoutOptions(argument)), argument);
    default:
      return { kind: 'option', name, value: argument };
  }
}

function withHash(parsed: Parsed, content: string): Parsed {
  return parsed.kind === 'requirement' ? { ...parsed, isHashed: /\s--hash[= ]/.test(content) } : parsed;
}

/** `--hash=…` and the like stand behind the requirement that they belong to. */
function withoutOptions(content: string): string {
  const at = content.search(/\s--[a-z]/);
  return at === -1 ? content : content.slice(0, at).trim();
}

function unquoted(text: string): string {
  const plain = text.trim();
  return /^(["']).*\1$/.test(plain) && plain.length > 1 ? plain.slice(1, -1) : plain;
}

const isUrl = /^(?:[a-z]+\+)?[a-z][a-z0-9+.-]*:/i;
const archive = /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz|tar)$/i;

function parseEntry(text: string): Parsed {
  const plain = unquoted(text);
  if (isUrl.test(plain)) return fromUrl(plain);
  const path = plain.endsWith(']') ? plain.slice(0, plain.lastIndexOf('[')) : plain;
  if (/^\.{1,2}(\/|$)/.test(path) || path.startsWith('/')) return { kind: 'local', path };
  const requirement = parseRequirement(plain);
  if (requirement !== null) return { kind: 'requirement', requirement, isHashed: false };
  return /^[\w.-]+\/[\w./-]+$/.test(path) ? { kind: 'local', path } : { kind: 'unknown' };
}

/** A package by its address: named by `#egg=`, or by the file that the address ends with. */
function fromUrl(text: string): Parsed {
  const [address = '', marker] = text.split(/\s;\s*/, 2);
  const [base = '', fragment = ''] = address.split('#', 2);
  const egg = /(?:^|&)egg=(?<name>[A-Za-z0-9][\w.-]*)(?:\[(?<extras>[^\]]*)\])?/.exec(fragment)?.groups;
  const name = egg?.name ?? nameOfArchive(base.split('?')[0] ?? '') ?? nameOfRepository(base);
  if (name === null)
    return base.startsWith('file:') ? { kind: 'local', path: base.slice(5) } : { kind: 'unknown' };
  const requirement: Requirement = {
    name: normalName(name),
    extras: extrasOf(egg?.extras ?? ''),
    specifier: '',
    version: null,
    url: base,
    marker: marker ?? null,
  };
  return { kind: 'requirement', requirement, isHashed: false };
}

function nameOfArchive(address: string): string | null {
  if (!archive.test(address)) return null;
  const file = address.slice(address.lastIndexOf('/') + 1);
  return /^(?<name>[A-Za-z][A-Za-z0-9._-]*?)-\d/.exec(file)?.groups?.name ?? null;
}

/** `git+https://github.com/owner/name.git@v1`: most repositories bear the name of their package. */
function nameOfRepository(address: string): string | null {
  if (!/^(?:git|hg|svn|bzr)\+/.test(address)) return null;
  const last = address.slice(address.lastIndexOf('/') + 1);
  return /^(?<name>[A-Za-z0-9][\w.-]*?)(?:\.git)?(?:@.*)?$/.exec(last)?.groups?.name ?? null;
}
