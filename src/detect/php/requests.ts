/** Which PHP a project asks for: docs/ecosystems/php.md has the order. */
import { append } from '../../append.ts';
import { stringAt } from '../../parse/value.ts';
import type { Inventory } from '../../scan/types.ts';
import { composerSet } from '../../versions/composer.ts';
import { coverage, intersection, type VersionSet } from '../../versions/interval.ts';
import { evidence } from '../evidence.ts';
import { nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import { type PhpProject, platformRequirements, type Requirement } from './projects.ts';

/**
 * What version managers choose, then what Composer is told to resolve for, then what the project and its locked
 * packages can run on, which Composer checks when it installs.
 */
export async function phpRequests(
  inventory: Inventory,
  project: PhpProject,
): Promise<{ requests: VersionRequest[]; findings: FindingNeed[] }> {
  const { manifest, folder } = project;
  const findings: FindingNeed[] = [];
  const requests: VersionRequest[] = [];
  const file = nearest(inventory, folder, ['.php-version']);
  const own = file?.text?.split(/\r?\n/, 1)[0]?.trim().replace(/^php-/, '') ?? '';
  if (file !== null && /^\d+(\.\d+)*/.test(own) && own.length < 40) {
    requests.push({ raw: own, scheme: 'prefix', because: evidence(file, 1, 'php/version-file') });
  }
  append(requests, await versionFileRequests(inventory, folder, ['php']));
  const platform = stringAt(manifest.document.value, ['config', 'platform', 'php']);
  const line = /^\d+\.\d+/.exec(platform ?? '')?.[0];
  if (line !== undefined) {
    // Its patch release is what Composer pretends to have: the line is what is meant.
    const at = manifest.document.line(['config', 'platform', 'php']);
    requests.push({ raw: line, scheme: 'prefix', because: evidence(manifest.file, at, 'php/platform') });
  }
  const constraints = platformRequirements(project).filter(({ name }) => name.startsWith('php'));
  const narrowing = narrowed(constraints);
  const declared = constraints.find(({ package: name }) => name === null);
  if (narrowing !== null) requests.push(narrowing);
  if (declared !== undefined) {
    if (composerSet(declared.constraint) === null) findings.push(notUnderstood(declared));
    else requests.push(request(declared, declared.constraint, 'composer'));
    if (/^v?\d+(\.\d+)?$/.test(declared.constraint.trim())) findings.push(exact(declared));
  }
  return { requests, findings };
}

/** Lines that a constraint may leave out. */
const lines = [5, 7, 8, 9].flatMap((major) =>
  Array.from({ length: 10 }, (_, minor) => ({
    text: `${major}.${minor}`,
    from: [major, minor],
    to: [major, minor + 1],
  })),
);

/**
 * The constraint of all requirements together, where locked packages leave lines out that the project itself allows:
 * Composer would refuse to install there. Null where they leave out none.
 */
function narrowed(constraints: readonly Requirement[]): VersionRequest | null {
  const own = constraints.filter((each) => each.package === null);
  const start = together(own.map(({ constraint }) => constraint));
  let set = start;
  let last: Requirement | null = null;
  const seen = new Set<string>();
  for (const each of constraints) {
    if (each.package === null || seen.has(each.constraint)) continue;
    seen.add(each.constraint);
    const next = together([each.constraint], set);
    if (allowed(next).length === 0 || allowed(next).length === allowed(set).length) continue;
    set = next;
    last = each;
  }
  if (last === null) return null;
  return request(last, rangesOf(allowed(set)), 'semver');
}

function together(constraints: readonly string[], start: VersionSet = [{ from: [], to: null }]): VersionSet {
  return intersection([
    start,
    ...constraints.flatMap((text) => (text.length > 200 ? [] : wrap(composerSet(text)))),
  ]);
}

const wrap = (set: VersionSet | null): VersionSet[] => (set === null ? [] : [set]);

function allowed(set: VersionSet) {
  return lines.filter(({ from, to }) => coverage(set, { from, to }) !== 'none');
}

/** `>=8.1 <8.4`: neighbouring lines joined. */
function rangesOf(found: readonly (typeof lines)[number][]): string {
  const ranges: { from: string; major: number; end: number }[] = [];
  for (const { text, from } of found) {
    const [major = 0, minor = 0] = from;
    const open = ranges.at(-1);
    if (open !== undefined && open.major === major && open.end === minor) open.end = minor + 1;
    else ranges.push({ from: text, major, end: minor + 1 });
  }
  return ranges
    .map(({ from, major, end }) => `>=${from} <${end >= 10 ? major + 1 : `${major}.${end}`}`)
    .join(' || ');
}

function request({ from, path }: Requirement, raw: string, scheme: VersionRequest['scheme']): VersionRequest {
  const rule = scheme === 'composer' ? 'php/require' : 'php/locked-package';
  return { raw, scheme, because: evidence(from.file, from.document.line(path), rule) };
}

function notUnderstood({ from, path, constraint }: Requirement): FindingNeed {
  return {
    kind: 'finding',
    code: 'version-not-understood',
    severity: 'warning',
    message: `${from.file.path} asks for php in words that are no constraint of Composer: ${constraint.slice(0, 40)}`,
    hint: 'Write it as "^8.2" or ">=8.2 <8.5".',
    because: [evidence(from.file, from.document.line(path), 'php/require')],
  };
}

function exact({ from, path, constraint }: Requirement): FindingNeed {
  return {
    kind: 'finding',
    code: 'composer-php-exact',
    severity: 'warning',
    message: `"php": "${constraint.trim()}" is its very first release to Composer, which refuses to install on any other`,
    hint: `Write it as "${constraint.trim()}.*" or "^${constraint.trim()}".`,
    because: [evidence(from.file, from.document.line(path), 'php/require')],
  };
}
