/** The project object model, as far as a plan needs it: https://maven.apache.org/pom.html */

import type { ParseProblem } from '../../../parse/document.ts';
import { childText, descendants, parseXml, type XmlElement } from '../../../parse/xml.ts';
import type { ClaimedFile, Inventory } from '../../../scan/types.ts';
import { resolvePath } from '../../shared/resolve.ts';
import { fileIn, folderOf, join } from '../../shared/tree.ts';

export interface PomPlugin {
  group: string | null;
  artifact: string;
  element: XmlElement;
}

export interface Pom {
  file: ClaimedFile;
  folder: string;
  root: XmlElement;
  artifact: string | null;
  packaging: string;
  parent: {
    group: string;
    artifact: string;
    version: string;
    relativePath: string | null;
    line: number;
  } | null;
  properties: ReadonlyMap<string, { value: string; line: number }>;
  /** Folders of modules, also those of profiles. */
  modules: string[];
  plugins: PomPlugin[];
}

/** A value with the place that it was written at. */
export interface PomValue {
  value: string;
  file: ClaimedFile;
  line: number;
}

/** A pom with those of its parents that the repository holds, nearest first. */
export type PomChain = readonly [Pom, ...Pom[]];

export function readPom(file: ClaimedFile): Pom | { problem: ParseProblem } {
  const parsed = parseXml(file.text ?? '');
  if ('problem' in parsed) return parsed;
  const { root } = parsed;
  if (root.name !== 'project')
    return { problem: { line: root.line, message: 'no model of a Maven project' } };
  const parent = child(root, 'parent');
  const properties = new Map(
    (child(root, 'properties')?.children ?? []).map((each) => [
      each.name,
      { value: each.text, line: each.line },
    ]),
  );
  return {
    file,
    folder: folderOf(file.path),
    root,
    artifact: childText(root, 'artifactId'),
    packaging: childText(root, 'packaging') ?? 'jar',
    parent:
      parent === null
        ? null
        : {
            group: childText(parent, 'groupId') ?? '',
            artifact: childText(parent, 'artifactId') ?? '',
            version: childText(parent, 'version') ?? '',
            relativePath: childText(parent, 'relativePath'),
            line: parent.line,
          },
    properties,
    modules: descendants(root, 'module')
      .filter(({ within }) => within.at(-1) === 'modules')
      .map(({ element }) => element.text),
    plugins: descendants(root, 'plugin').flatMap(({ element, within }) => {
      const artifact = childText(element, 'artifactId');
      const isBuild = within[1] === 'build';
      return artifact === null || !isBuild
        ? []
        : [{ group: childText(element, 'groupId'), artifact, element }];
    }),
  };
}

export function child(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((each) => each.name === name) ?? null;
}

const maxParents = 20;

/** https://maven.apache.org/ref/current/maven-model-builder/: the parent lies in the folder above unless it says where. */
export function chainOf(inventory: Inventory, pom: Pom, pomAt: (file: ClaimedFile) => Pom | null): PomChain {
  const chain: [Pom, ...Pom[]] = [pom];
  let current = pom;
  while (current.parent !== null && chain.length < maxParents) {
    const { relativePath, artifact } = current.parent;
    if (relativePath === '') break;
    const path = resolvePath(current.folder, relativePath ?? '../pom.xml');
    const file = path === null ? null : (inventory.files.get(path) ?? fileIn(inventory, path, 'pom.xml'));
    const above = file === null ? null : pomAt(file);
    if (above === null || above.artifact !== artifact || chain.includes(above)) break;
    chain.push(above);
    current = above;
  }
  return chain;
}

const reference = /\$\{(?<name>[\w.-]{1,200})\}/;

/** A text with its references to properties replaced; null where one is not known. */
export function interpolated(chain: PomChain, text: string): string | null {
  let value = text.slice(0, 1000);
  for (let left = 20; left > 0; left--) {
    const name = reference.exec(value)?.groups?.name;
    if (name === undefined) return value;
    const found = propertyOf(chain, name);
    if (found === null) return null;
    value = value.replace(reference, () => found.value).slice(0, 1000);
  }
  return null;
}

/** The nearest value of a property, as it is written. */
export function propertyOf(chain: PomChain, name: string): PomValue | null {
  for (const { file, properties } of chain) {
    const found = properties.get(name);
    if (found !== undefined) return { ...found, file };
  }
  const own = /^(?:project|pom)\.(?<key>artifactId|version|groupId)$/.exec(name)?.groups?.key;
  return own === undefined ? null : ownOf(chain, own);
}

/** A coordinate of the project, inherited from its parent where it has none. */
function ownOf([pom]: PomChain, key: string): PomValue | null {
  const element = child(pom.root, key);
  const parent = child(pom.root, 'parent');
  const found = element ?? (parent === null ? null : child(parent, key));
  return found === null ? null : { value: found.text, file: pom.file, line: found.line };
}

/** A coordinate with its references resolved. */
export function coordinate(chain: PomChain, key: 'artifactId' | 'version'): string | null {
  const found = ownOf(chain, key);
  return found === null ? null : interpolated(chain, found.value);
}

/** Elements of this name within the configurations of a plug-in, nearest pom first. */
export function configured(chain: PomChain, plugin: string, name: string): PomValue[] {
  return chain.flatMap(({ file, plugins }) =>
    plugins
      .filter(({ artifact }) => artifact === plugin)
      .flatMap(({ element }) => descendants(element, name))
      .flatMap(({ element }) => {
        const value = interpolated(chain, element.text);
        return value === null || value === '' ? [] : [{ value, file, line: element.line }];
      }),
  );
}

/** Whether a pom of the chain has a plug-in in its build. */
export function hasPlugin(chain: PomChain, artifact: string): boolean {
  return chain.some(({ plugins }) => plugins.some((each) => each.artifact === artifact));
}

export function pomPath(folder: string): string {
  return join(folder, 'pom.xml');
}
