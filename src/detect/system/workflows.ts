/** What jobs of GitHub set up and install: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax */
import { append } from '../../append.ts';
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { isElsewhere } from '../containers/elsewhere.ts';
import { evidence } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { nameOf } from '../shared/tree.ts';
import { imageOf } from './images.ts';
import { packagesOf, versionsOf } from './said.ts';
import { isMoving, setups, versionGiven } from './setups.ts';
import { emptyStatements, type Statements } from './statements.ts';

/** Jobs that hold a minimum: what they set up is not what people work with. */
const ofMinimum = /(^|[^a-z])(msrv|minimum|minimal|min|lowest|oldest)([^a-z]|$)/i;

const maxJobs = 100;
const maxSteps = 200;
const maxValues = 100;

/** A job: what its expressions may name, and where it is. */
interface Job {
  file: ClaimedFile;
  document: ParsedDocument;
  place: Path;
  body: unknown;
  /** Of the workflow. */
  environment: unknown;
}

/** What the jobs of a workflow say; of those that release or deploy only versions. */
export async function workflowStatements(file: ClaimedFile): Promise<Statements> {
  const found = emptyStatements();
  const document = await parseYamlFile(file);
  if (document === null) return found;
  for (const [name, body] of entriesAt(document.value, ['jobs']).slice(0, maxJobs)) {
    const job: Job = {
      file,
      document,
      place: ['jobs', name],
      body,
      environment: valueAt(document.value, ['env']),
    };
    const title = `${nameOf(file.path)} ${name} ${stringAt(body, ['name']) ?? ''}`.slice(0, 500);
    readJob(job, { isDeployment: isElsewhere(title), isMinimum: ofMinimum.test(title) }, found);
  }
  return found;
}

function readJob(
  job: Job,
  { isDeployment, isMinimum }: { isDeployment: boolean; isMinimum: boolean },
  found: Statements,
): void {
  const { file, document, place, body } = job;
  const container = stringAt(body, ['container', 'image']) ?? stringAt(body, ['container']);
  if (container !== null) {
    const because = () => evidence(file, document.line([...place, 'container']), 'system/workflow-image');
    append(found.versions, versionsOf(imageOf(container), because));
  }
  const steps = valueAt(body, ['steps']);
  if (!Array.isArray(steps)) return;
  for (const [at, step] of steps.slice(0, maxSteps).entries()) {
    const path = [...place, 'steps', at];
    const uses = stringAt(step, ['uses']);
    if (uses !== null && !isMinimum) readAction(job, path, uses, step, found);
    const run = isDeployment ? null : stringAt(step, ['run']);
    if (run === null || !/\b(apt|apt-get|apk|aptitude)\b/.test(run.slice(0, 20_000))) continue;
    const because = () => evidence(file, document.line([...path, 'run']), 'system/workflow-package');
    append(found.packages, packagesOf(run, because));
  }
}

function readAction(job: Job, path: Path, uses: string, step: unknown, found: Statements): void {
  const { file, document } = job;
  const [action = '', reference = ''] = uses.slice(0, 200).split('@', 2);
  for (const { action: pattern, id, input, scheme } of setups) {
    if (!pattern.test(action)) continue;
    const given = valuesOf(job, valueAt(step, ['with', input]));
    // The branch is the version: https://github.com/dtolnay/rust-toolchain#inputs
    if (given.length === 0 && action === 'dtolnay/rust-toolchain') given.push(reference);
    const place = valueAt(step, ['with', input]) === undefined ? [...path, 'uses'] : [...path, 'with', input];
    const because = () => evidence(file, document.line(place), 'system/workflow-setup');
    for (const text of given) {
      const version = versionGiven(id, text, scheme);
      if (version !== null) {
        const several = given.length > 1 ? { isOneOfSeveral: true } : {};
        found.versions.push({ id, ...version, because: because(), ...several });
      } else if (isMoving(text)) {
        found.versions.push({ id, raw: text, scheme: 'alias', because: because(), isMoving: true });
      }
    }
  }
  if (action !== 'shivammathur/setup-php') return;
  const because = () =>
    evidence(file, document.line([...path, 'with', 'extensions']), 'system/workflow-setup');
  for (const name of (stringAt(step, ['with', 'extensions']) ?? '').slice(0, 2000).split(/[\s,]+/)) {
    // `:xdebug` leaves one out, `redis-6.0.2` is a version of one: https://github.com/shivammathur/setup-php#heavy_plus_sign-php-extension-support
    const extension = /^(?<name>[a-z]\w{1,40})(?:-.{0,40})?$/i.exec(name)?.groups?.name;
    if (extension === undefined || extension === 'none') continue;
    found.extensions.push({ id: 'php', name: extension.toLowerCase(), because: because() });
  }
}

const expression = /^\$\{\{\s*(?<context>matrix|env)\.(?<name>[\w.-]{1,100})\s*\}\}$/;

/** The values of an input: its own lines, those of the matrix that it names, a literal of `env`; of all else none. */
function valuesOf(job: Job, value: unknown): string[] {
  const text = literal(value);
  if (text === null) return [];
  const { context, name } = expression.exec(text.trim().slice(0, 200))?.groups ?? {};
  if (name === undefined) {
    const lines = text.split('\n', maxValues).map((line) => line.trim());
    return lines.filter((line) => line !== '' && !line.includes('${{'));
  }
  if (context === 'env') {
    const set = literal(valueAt(job.body, ['env', name])) ?? literal(valueAt(job.environment, [name]));
    return set === null || set.includes('${{') ? [] : [set];
  }
  const path = name.split('.');
  const matrix = valueAt(job.body, ['strategy', 'matrix']);
  const [key = '', ...rest] = path;
  const own = valueAt(matrix, [key]);
  const included = valueAt(matrix, ['include']);
  const entries: unknown[] = [
    ...(Array.isArray(own) ? own : []).slice(0, maxValues).map((each: unknown) => inside(each, rest)),
    ...(Array.isArray(included) ? included : [])
      .slice(0, maxValues)
      .map((each: unknown) => inside(valueAt(each, [key]), rest)),
  ];
  const values = entries.flatMap((each) => literal(each) ?? []).filter((each) => !each.includes('${{'));
  return [...new Set(values)];
}

function inside(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return value;
  return isRecord(value) ? valueAt(value, [...path]) : undefined;
}

function literal(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 2000) : null;
}
