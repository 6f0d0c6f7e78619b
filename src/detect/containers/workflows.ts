/**
 * Workflows of GitHub: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 *
 * Services beside a job are what tests talk to. That a job starts containers is vague evidence: a machine of a CI
 * has an engine anyway.
 */
import { append } from '../../append.ts';
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { folderOf, nameOf } from '../shared/tree.ts';
import type { ServiceNeed } from '../types.ts';
import { signsOfLine } from './commands.ts';
import { serviceFrom } from './compose.ts';
import { isElsewhere } from './elsewhere.ts';
import type { Sign } from './signs.ts';

/** Folder from the root; the files of folders below it are no workflows. */
const workflowFolder = '.github/workflows';

const maxSteps = 200;

export async function workflowContainers({
  files,
}: Inventory): Promise<{ signs: Sign[]; services: ServiceNeed[] }> {
  const signs: Sign[] = [];
  const services: ServiceNeed[] = [];
  for (const file of files.values()) {
    if (folderOf(file.path) !== workflowFolder || !/\.ya?ml$/.test(file.path)) continue;
    if (isElsewhere(nameOf(file.path))) continue;
    const document = await parseYamlFile(file);
    if (document === null) continue;
    for (const [job, body] of entriesAt(document.value, ['jobs']).slice(0, 200)) {
      const name = `${job} ${stringAt(body, ['name']) ?? ''}`;
      if (isElsewhere(name)) continue;
      append(services, servicesOf(file, document, job, body));
      if (/test|e2e|integration|check|(^|[^a-z])ci([^a-z]|$)/i.test(`${nameOf(file.path)} ${name}`)) {
        append(signs, signsOfJob(file, document, job, body));
      }
    }
  }
  return { signs, services };
}

function servicesOf(file: ClaimedFile, document: ParsedDocument, job: string, body: unknown): ServiceNeed[] {
  return entriesAt(body, ['services']).flatMap(([name, entry]): ServiceNeed[] => {
    const text = typeof entry === 'string' ? entry : stringAt(entry, ['image']);
    // What a matrix fills in is not known.
    const image =
      text === null
        ? null
        : text
            .slice(0, 500)
            .replace(/\$\{\{[^}]*\}\}/g, '')
            .replace(/:$/, '');
    return serviceFrom(image, entry, () =>
      evidence(file, document.line(['jobs', job, 'services', name, 'image']), 'containers/workflow-service'),
    );
  });
}

function signsOfJob(file: ClaimedFile, document: ParsedDocument, job: string, body: unknown): Sign[] {
  const steps = valueAt(body, ['steps']);
  if (!Array.isArray(steps)) return [];
  return steps.slice(0, maxSteps).flatMap((step: unknown, at) => {
    const line = () => document.line(['jobs', job, 'steps', at, 'run']);
    return (stringAt(step, ['run']) ?? '')
      .split('\n', 500)
      .flatMap((text) => signsOfLine({ file, line, task: '', text }))
      .map(({ container, because }) => ({
        container,
        confidence: 'low' as const,
        because: { ...because, rule: 'containers/workflow' },
      }));
  });
}
