import type { Evidence } from '../plan/schema.ts';
import type { ClaimedFile } from '../scan/types.ts';
import { lineStarts } from '../text/lines.ts';
import { oneLine } from '../text/one-line.ts';

const maxLength = 120;

/** Words in the name of a setting whose value is not shown. */
const secretName = /(secret|token|passw(or)?d|api[-_]?key|private[-_]?key|credential|auth)/i;
/** Values that look like a secret, whatever their name: user information in a URL, well-known prefixes, long random text. */
const secretValue =
  /\/\/[^/\s:@]+:[^/\s@]+@|\b(gh[pousr]_|glpat-|sk-|xox[abprs]-)[\w-]{8,}|\bA[KS]IA[A-Z0-9]{12,}|\b(npm|hf)_[A-Za-z0-9]{30,}|\b(github_pat_|dop_v1_|ya29\.|AIza|SG\.)[\w-]{20,}|-----BEGIN|\beyJ[\w-]{20,}\./;
/** Secrets within a command: after the name of a setting or an option, in a header, before the host of a URL. */
const secretParts: readonly RegExp[] = [
  /(?<before>\bauthorization:\s*)[^"'\\]+/gi,
  /(?<before>\b(bearer|basic)\s+)[\w.~+/=-]{6,}/gi,
  /(?<before>(secret|token|passw(or)?d|requirepass|_pass|pgpass|api[-_]?key|_key(?!\w)|-key(?=:)|credentials?)[\w-]{0,40}["']?\s*[=:]\s*["']?)[^\s"'\\,;&|)}\]]+/gi,
  /(?<before>\bcurl\b[^;&|]{0,200}\s(?:-u|--user)[\s=]["']?[^\s"':]{1,100}:)[^\s"']+/g,
  /(?<before>--?[\w-]{0,40}(secret|token|passw(or)?d|requirepass|api-?key|private-?key)\s+)[^\s"'\\,;&|$-][^\s"'\\,;&|)}\]]*/gi,
  /(?<before>\blogin\b[^;&|]*\s-p\s+)[^\s"'\\]+/gi,
  /(?<before>\bhttps?:\/\/)[^\s/@"':]+(?=@)/gi,
];

/**
 * Evidence from a line of a claimed file.
 *
 * @param line from 1; null for the file as a whole
 * @param rule stable id: ecosystem, slash, what was read (`node/engines`)
 */
export function evidence(file: ClaimedFile, line: number | null, rule: string): Evidence {
  return { file: file.path, line, text: line === null ? '' : shownLine(file, line), rule };
}

/** Evidence that a path exists. */
export function presence(path: string, rule: string): Evidence {
  return { file: path, line: null, text: '', rule };
}

/** One short line for people: no control characters, nothing that looks like a secret. */
export function shown(text: string): string {
  const plain = oneLine(text.slice(0, 4 * maxLength)).trim();
  const safe = redact(plain);
  return safe.length > maxLength ? `${safe.slice(0, maxLength - 1).toWellFormed()}…` : safe;
}

function redact(text: string): string {
  if (secretValue.test(text)) return '(looks like a secret: not shown)';
  const assignment = /^(["']?[\w.-]+["']?\s*[:=]\s*)(.+)$/.exec(text);
  if (assignment?.[1] !== undefined && secretName.test(assignment[1])) return `${assignment[1]}(not shown)`;
  return secretParts.reduce((shown, part) => shown.replace(part, '$<before>(not shown)'), text);
}

/** What is shown of the lines of a file: a line may hold thousands of things that are evidence. */
const shownLines = new WeakMap<ClaimedFile, Map<number, string>>();

function shownLine(file: ClaimedFile, line: number): string {
  const lines = shownLines.get(file) ?? new Map<number, string>();
  shownLines.set(file, lines);
  const known = lines.get(line) ?? shown(lineOf(file, line));
  lines.set(line, known);
  return known;
}

/** Where the lines of a file start: a file may give evidence for each of them. */
const knownStarts = new WeakMap<ClaimedFile, number[]>();

function startsOf(file: ClaimedFile, text: string): number[] {
  const known = knownStarts.get(file);
  if (known !== undefined) return known;
  const starts = lineStarts(text);
  knownStarts.set(file, starts);
  return starts;
}

function lineOf(file: ClaimedFile, line: number): string {
  const text = file.text ?? '';
  const start = startsOf(file, text)[line - 1];
  if (start === undefined) return '';
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end);
}
