import specification from '../../../templates/container/Dockerfile.hbs';
import type { Plan } from '../../plan/schema.ts';
import { layout } from '../fragment.ts';
import { subject, wrapped } from '../header.ts';
import { inconsistent } from '../packages.ts';
import { environmentAttributes } from '../shell-nix.ts';
import {
  dockerfileAssignment,
  dockerfileComment,
  dockerfileFolders,
  dockerfileImage,
  dockerfileString,
} from './dockerfile-print.ts';
import { caches, hasDocker, imageVariables } from './settings.ts';

const fill = layout('dockerfile', specification);

/** `Dockerfile`: the worker's image. */
export function dockerfile(plan: Plan): string {
  const { generator, container } = plan;
  const base = container?.images.find(({ key }) => key === 'base');
  if (base === undefined) throw inconsistent('it has no base image for its container');
  const [attribute] = environmentAttributes(plan);
  if (attribute === undefined) throw inconsistent('it has no environment');
  const pinned = base.digest === null ? base.reference : `${base.reference}@${base.digest}`;
  return fill({
    header: dockerfileComment([
      `${subject(plan)}, as an image.`,
      '',
      ...wrapped(
        `Written by ${generator.name} ${generator.version}. Its context is the folder that it lies in: nothing else ` +
          'of the repository is sent to the builder. To change it, write nidify.jsonc and run ' +
          `\`${generator.name}\` again, or edit this file: ${generator.name} leaves an edited file alone.`,
      ),
    ]),
    baseImage: dockerfileImage(pinned),
    hasToolchain: container?.toolchain !== 'features',
    attribute: dockerfileString(`packages.${attribute}`),
    hasDocker: hasDocker(plan),
    caches: caches(plan).map(({ folders }) => ({ folders: dockerfileFolders(withParents(folders)) })),
    variables: imageVariables(plan).map(([name, value]) => ({
      assignment: dockerfileAssignment(name, value),
    })),
  });
}

/** With the folders of the home on the way, which `install` would leave to root. */
function withParents(folders: readonly string[]): string[] {
  const all = folders.flatMap((folder) => {
    const parts = folder.split('/');
    return parts.slice(3).map((_, at) => parts.slice(0, at + 4).join('/'));
  });
  return [...new Set(all)];
}
