/** Projects of .NET: https://learn.microsoft.com/dotnet/core/project-sdk/overview */
import type { XmlElement } from '../../parse/xml.ts';
import { descendants, parseXml } from '../../parse/xml.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { ancestors, fileIn, folderOf, join, nameOf } from '../shared/tree.ts';
import { projectEndings } from './claims.ts';
import { programSdks, type Target, targetOf, testSigns } from './frameworks.ts';
import { evaluate, type Properties, type Property, propertiesOver } from './properties.ts';

export interface DotnetProject {
  folder: string;
  file: ClaimedFile;
  /** `Shop.Api` of Shop.Api.csproj. */
  name: string;
  /** Null where the file cannot be read: then `problem` says why. */
  root: XmlElement | null;
  problem: { line: number | null; message: string } | null;
  /** What it is compiled for, with where that is said; null where it is computed or not said. */
  targets: readonly { moniker: string; target: Target }[] | null;
  targetsFrom: Property | null;
  /** SDKs and packages with their lines, in lower case. */
  parts: ReadonlyMap<string, number>;
  isProgram: boolean;
  isTest: boolean;
  isWindowsOnly: boolean;
  hasLock: boolean;
}

const fetched = /(^|\/)(node_modules|bin|obj|packages|vendor)\//;

/** All projects, in path order. */
export function dotnetProjects(inventory: Inventory): DotnetProject[] {
  const properties = propertiesReader(inventory);
  return [...inventory.files.values()]
    .filter(
      ({ path, text }) =>
        text !== null && projectEndings.some((ending) => path.endsWith(ending)) && !fetched.test(path),
    )
    .map((file) => projectOf(inventory, file, properties));
}

function projectOf(
  inventory: Inventory,
  file: ClaimedFile,
  inherited: (folder: string) => Properties,
): DotnetProject {
  const folder = folderOf(file.path);
  const parsed = parseXml(file.text ?? '');
  const root = 'root' in parsed ? parsed.root : null;
  const properties = propertiesOver(inherited(folder));
  if (root !== null) evaluate(root, file.path, properties);
  const parts = root === null ? new Map<string, number>() : partsOf(root);
  const targetsFrom = targetProperty(root, properties);
  const setting = (name: string) => properties.get(name)?.value?.toLowerCase() ?? '';
  const isTest = setting('istestproject') === 'true' || [...parts.keys()].some((part) => testSigns.has(part));
  return {
    folder,
    file,
    name: nameOf(file.path).replace(/\.\w+$/, ''),
    root,
    problem: 'problem' in parsed ? parsed.problem : null,
    targets: monikersOf(targetsFrom),
    targetsFrom,
    parts,
    isProgram:
      !isTest &&
      (/^(win)?exe$/.test(setting('outputtype')) || [...parts.keys()].some((part) => programSdks.has(part))),
    isTest,
    isWindowsOnly: ['usewpf', 'usewindowsforms'].some((name) => setting(name) === 'true'),
    hasLock: inventory.files.has(join(folder, 'packages.lock.json')),
  };
}

/** Projects from before SDKs name a version of the .NET Framework: `v4.7.2`. */
function targetProperty(root: XmlElement | null, properties: Properties): Property | null {
  const found = ['targetframeworks', 'targetframework']
    .map((name) => properties.get(name))
    .find((each) => each !== undefined && each.value !== '');
  if (found !== undefined) return found;
  const old = properties.get('targetframeworkversion');
  if (old === undefined || root?.attributes.Sdk !== undefined) return null;
  return { ...old, value: old.value === null ? null : `net${old.value.replace(/[^\d]/g, '')}` };
}

function monikersOf(property: Property | null): DotnetProject['targets'] {
  if (property === null || property.value === null) return null;
  const monikers = property.value.split(';').map((each) => each.trim());
  return monikers.filter((each) => each !== '').map((moniker) => ({ moniker, target: targetOf(moniker) }));
}

/** SDKs and packages of a project: names without case and version. */
function partsOf(root: XmlElement): Map<string, number> {
  const parts = new Map<string, number>();
  const add = (name: string | undefined, line: number) => {
    const plain = name?.split('/')[0]?.trim().toLowerCase() ?? '';
    if (plain !== '' && !parts.has(plain)) parts.set(plain, line);
  };
  for (const name of (root.attributes.Sdk ?? '').split(';')) add(name, root.line);
  for (const { element } of descendants(root, 'Sdk')) add(element.attributes.Name, element.line);
  for (const { element } of descendants(root, 'Import')) add(element.attributes.Sdk, element.line);
  for (const { element } of descendants(root, 'PackageReference'))
    add(element.attributes.Include, element.line);
  return parts;
}

/**
 * Properties that a folder's projects start with: the nearest `Directory.Build.props`, and those above it where it
 * imports them. https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory
 */
function propertiesReader(inventory: Inventory): (folder: string) => Properties {
  const read = new Map<string, Properties>();
  const propertiesIn = (folder: string): Properties => {
    const known = read.get(folder);
    if (known !== undefined) return known;
    const file = fileIn(inventory, folder, 'Directory.Build.props');
    const above = folder === '.' ? null : folderOf(folder);
    const parsed = file?.text == null ? null : parseXml(file.text);
    let properties: Properties;
    if (file === null || parsed === null || !('root' in parsed)) {
      properties = above === null ? propertiesOver(null) : propertiesIn(above);
    } else {
      const { root } = parsed;
      const imports = root.children.some(
        ({ name, attributes }) =>
          name === 'Import' && /Directory\.Build\.props|GetPathOfFileAbove/.test(attributes.Project ?? ''),
      );
      properties = propertiesOver(imports && above !== null ? propertiesIn(above) : null);
      evaluate(root, file.path, properties);
    }
    read.set(folder, properties);
    return properties;
  };
  return (folder) => {
    // From the root down, so that a deep tree does not recurse deeply.
    for (const at of ancestors(folder).toReversed()) propertiesIn(at);
    return propertiesIn(folder);
  };
}
