/** Ecosystems without support: docs/adding-an-ecosystem.md says what is said of them, and how one is added. */
import { presence } from '../evidence.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { Detect, FindingNeed } from '../types.ts';
import { type UnservedEcosystem, unservedEcosystems } from './manifests.ts';

/** Made a warning by the plan where nothing else is understood. */
const unservedCode = 'ecosystem-not-served';

/** Other people's code: what lies there is for them to build. */
const foreign = /(^|\/)(vendor|third_party|external|node_modules)(\/|$)/;

/** One finding for each ecosystem, at its manifest that is nearest to the root. */
export const detectUnserved: Detect = ({ inventory }) => {
  const paths = [...inventory.files.keys()]
    .filter((path) => !isSideFolder(folderOf(path)) && !foreign.test(folderOf(path)))
    .sort((a, b) => a.split('/').length - b.split('/').length);
  return unservedEcosystems.flatMap((ecosystem) => {
    const path = paths.find((each) => isOf(ecosystem, nameOf(each)));
    return path === undefined ? [] : [unserved(ecosystem, path)];
  });
};

function isOf({ names, endings }: UnservedEcosystem, name: string): boolean {
  return names?.includes(name) === true || endings?.some((ending) => name.endsWith(ending)) === true;
}

function unserved({ name, packages }: UnservedEcosystem, path: string): FindingNeed {
  const added = packages === undefined ? '...' : packages.map((each) => JSON.stringify(each)).join(', ');
  return {
    kind: 'finding',
    code: unservedCode,
    severity: 'info',
    message: `nidify does not serve ${name}: what this asks for is not known`,
    hint: `Name what it needs with "packages": { "add": [${added}] } in nidify.jsonc, or add support: docs/adding-an-ecosystem.md.`,
    because: [presence(path, 'unserved/manifest')],
  };
}
