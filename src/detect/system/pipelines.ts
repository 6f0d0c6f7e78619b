/** Pipelines of GitLab (https://docs.gitlab.com/ci/yaml/) and CircleCI (https://circleci.com/docs/configuration-reference/). */
import { append } from '../../append.ts';
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { isElsewhere } from '../containers/elsewhere.ts';
import { evidence } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { imageOf } from './images.ts';
import { packagesOf, versionsOf } from './said.ts';
import { emptyStatements, type Statements } from './statements.ts';

const maxJobs = 200;
const maxSteps = 200;

/** Jobs of GitLab, with what all of them begin with. */
export async function gitlabStatements(file: ClaimedFile): Promise<Statements> {
  const found = emptyStatements();
  const document = await parseYamlFile(file);
  if (document === null || !isRecord(document.value)) return found;
  const jobs: Path[] = [[], ['default'], ...entriesAt(document.value, []).map(([name]) => [name])];
  for (const place of jobs.slice(0, maxJobs)) {
    const body = valueAt(document.value, place);
    if (!isRecord(body)) continue;
    const image = stringAt(body, ['image']) ?? stringAt(body, ['image', 'name']);
    addImage(file, document, [...place, 'image'], image, found);
    if (isElsewhere(`${place[0] ?? ''} ${stringAt(body, ['stage']) ?? ''}`)) continue;
    for (const key of ['before_script', 'script']) {
      for (const [at, text] of textsAt(body, [key])) {
        const path = at === null ? [...place, key] : [...place, key, at];
        addPackages(file, document, path, text, found);
      }
    }
  }
  return found;
}

/** Jobs of CircleCI; of its images the first is the one that steps run in. */
export async function circleStatements(file: ClaimedFile): Promise<Statements> {
  const found = emptyStatements();
  const document = await parseYamlFile(file);
  if (document === null) return found;
  for (const table of ['executors', 'jobs']) {
    for (const [name, body] of entriesAt(document.value, [table]).slice(0, maxJobs)) {
      const place = [table, name];
      const image = stringAt(body, ['docker', 0, 'image']);
      addImage(file, document, [...place, 'docker', 0, 'image'], image, found);
      const steps = valueAt(body, ['steps']);
      if (!Array.isArray(steps) || isElsewhere(name)) continue;
      for (const [at, step] of steps.slice(0, maxSteps).entries()) {
        const text = stringAt(step, ['run', 'command']) ?? stringAt(step, ['run']);
        if (text !== null) addPackages(file, document, [...place, 'steps', at], text, found);
      }
    }
  }
  return found;
}

function addImage(
  file: ClaimedFile,
  document: ParsedDocument,
  path: Path,
  image: string | null,
  found: Statements,
): void {
  if (image === null) return;
  const because = () => evidence(file, document.line(path), 'system/pipeline-image');
  append(found.versions, versionsOf(imageOf(image), because));
}

function addPackages(
  file: ClaimedFile,
  document: ParsedDocument,
  path: Path,
  text: string,
  found: Statements,
): void {
  const because = () => evidence(file, document.line(path), 'system/pipeline-package');
  append(found.packages, packagesOf(text, because));
}

/** A text, or those of a list, with their number. */
function textsAt(value: unknown, path: Path): [number | null, string][] {
  const given = valueAt(value, path);
  if (typeof given === 'string') return [[null, given]];
  if (!Array.isArray(given)) return [];
  return given
    .slice(0, maxSteps)
    .flatMap((each: unknown, at): [number, string][] => (typeof each === 'string' ? [[at, each]] : []));
}
