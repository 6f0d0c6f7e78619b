/** A repository of which nothing is understood: what it may be of, and how support is added. */
import { presence, shown } from '../detect/evidence.ts';
import { folderOf } from '../detect/shared/tree.ts';
import { finding, type PlanContext } from './context.ts';
import type { Finding } from './schema.ts';

const guide = 'docs/adding-an-ecosystem.md says how an ecosystem is added.';

/** As many as a person reads. */
const maxShown = 5;

/** What manifests of most ecosystems are called: a common stem, or the ending of a lock or project file. */
const likeManifest =
  /^((package|project|manifest|module|mod|deps|dependencies|build|workspace)\.[a-z][\w.]{0,11}|[\w-]+\.(lock|project|pkg|proj|build|package|cabal|mod)|[A-Z][a-z]+file)$/;

/** Files that are called alike and are none: programs, documents, what every repository may have. */
const noManifest =
  /^((Docker|Proc|Lock|Jenkins|Vagrant|Caddy|Earth|Fast)file|flake\.lock)$|\.(md|txt|html|css|png|svg|log|exe|[cm]?[jt]s|sh|bash|bat|cmd|ps1|py|rb|pl|php|lua|c|cc|cpp|h|java|go|rs|sql)$/;

/**
 * The findings of a repository without needs: that nothing was found, unless the configuration names something; files
 * that look like manifests of what nidify does not know; what is said of ecosystems without support, as a warning.
 */
export function withNothingFound(
  stated: readonly Finding[],
  { inventory, config }: Pick<PlanContext, 'inventory' | 'config'>,
): Finding[] {
  const isNamed = [config.packages, config.libraries, config.services].some(
    (each) => (each?.add ?? []).length > 0,
  );
  if (isNamed) return [...stated];
  const known = stated.map(
    (each): Finding => (each.code === 'ecosystem-not-served' ? { ...each, severity: 'warning' } : each),
  );
  const unknown = inventory.paths.filter((path) => {
    const isClaimed = inventory.files.has(path) && inventory.files.get(path)?.isHint !== true;
    return folderOf(path) === '.' && !isClaimed && likeManifest.test(path) && !noManifest.test(path);
  });
  return [nothingFound(inventory.paths.length), ...unknownManifests(unknown), ...known];
}

function nothingFound(files: number): Finding {
  return finding(
    'nothing-found',
    'error',
    files === 0 ? 'the repository is empty' : 'no manifest that nidify knows is in the repository',
    'Name what it needs with "packages" in nidify.jsonc (`nidify init` writes one).',
    [],
  );
}

function unknownManifests(paths: readonly string[]): Finding[] {
  if (paths.length === 0) return [];
  const named = paths.slice(0, maxShown);
  return [
    finding(
      'manifest-unknown',
      'warning',
      `what looks like a manifest is of no ecosystem that nidify knows: ${named.map(shown).join(', ')}`,
      guide,
      named.map((path) => presence(path, 'unknown/manifest')),
    ),
  ];
}
