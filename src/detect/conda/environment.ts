/** Environments of conda: https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html */
import type { ParsedDocument } from '../../parse/document.ts';
import { isRecord, type Path, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { configurationFile } from '../shared/binder.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { fileIn } from '../shared/tree.ts';
import { environmentNames, lockNames, projectNames } from './claims.ts';
import { type CondaSpec, parseSpec } from './spec.ts';

export interface Environment {
  file: ClaimedFile;
  name: string | null;
  channels: string[];
  /** What is asked of conda, and lines that are no specification. */
  specs: { spec: CondaSpec; because: () => Evidence }[];
  unreadable: { text: string; because: () => Evidence }[];
  /** Lines of the section for pip. */
  pip: { text: string; because: () => Evidence }[];
  /** It is an anaconda project: commands by name. */
  commands: ReadonlyMap<string, string>;
  lock: ClaimedFile | null;
}

/** The environment of a folder; null where no file there is one. */
export async function readEnvironment(inventory: Inventory, folder: string): Promise<Environment | null> {
  for (const name of [...environmentNames, ...projectNames]) {
    const file = configurationFile(inventory, folder, name);
    const document = file === null ? null : await parseYamlFile(file);
    if (file === null || document === null) continue;
    const key = ['dependencies', 'packages'].find((each) => Array.isArray(valueAt(document.value, [each])));
    const isProject = (projectNames as readonly string[]).includes(name);
    if (key === undefined && !isProject) continue;
    const lock =
      lockNames.map((each) => fileIn(inventory, folder, each)).find((each) => each !== null) ?? null;
    return environmentOf(file, document, key ?? 'packages', lock);
  }
  return null;
}

function environmentOf(
  file: ClaimedFile,
  document: ParsedDocument,
  key: string,
  lock: ClaimedFile | null,
): Environment {
  const { value } = document;
  const found: Environment = {
    file,
    name: stringAt(value, ['name']),
    channels: stringsAt(value, ['channels']),
    specs: [],
    unreadable: [],
    pip: [],
    commands: commandsOf(value),
    lock,
  };
  const listed = valueAt(value, [key]);
  for (const [at, item] of (Array.isArray(listed) ? listed : []).entries()) {
    const path: Path = [key, at];
    const because = () => evidence(file, document.line(path), 'conda/dependency');
    if (isRecord(item)) {
      for (const [index, text] of stringsAt(item, ['pip']).entries()) {
        const line = () => evidence(file, document.line([...path, 'pip', index]), 'conda/pip');
        found.pip.push({ text: text.trim(), because: line });
      }
      continue;
    }
    if (typeof item !== 'string') continue;
    const spec = parseSpec(item);
    if (spec === null) found.unreadable.push({ text: item, because });
    else found.specs.push({ spec, because });
  }
  return found;
}

/** https://anaconda-project.readthedocs.io/en/latest/reference.html#commands */
function commandsOf(value: unknown): Map<string, string> {
  const commands = valueAt(value, ['commands']);
  const found = new Map<string, string>();
  if (!isRecord(commands)) return found;
  for (const [name, entry] of Object.entries(commands)) {
    const notebook = stringAt(entry, ['notebook']);
    const line = stringAt(entry, ['unix']) ?? (notebook === null ? null : `jupyter notebook ${notebook}`);
    if (line !== null && !/[\n\r]/.test(line)) found.set(name, line);
  }
  return found;
}

/** Whether most packages are pinned to conda's own builds, as `conda env export` writes them. */
export function isExport({ specs }: Environment): boolean {
  return specs.length > 0 && specs.filter(({ spec }) => spec.build).length * 2 > specs.length;
}
