/** Which version of Go a module asks for. */
import { evidence } from '../evidence.ts';
import { ancestors, fileIn } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { DetectContext, VersionRequest } from '../types.ts';
import type { GoModule } from './modules.ts';
import { compareGoVersions, isGoVersion, versionOfToolchain } from './version.ts';

/**
 * Requests in the order in which they decide.
 *
 * A version manager (goenv, asdf, mise) chooses the `go` on PATH, so its file comes first; but a go command
 * that is older than what go.mod or go.work demand switches to the newer toolchain, so what is newer wins.
 * In a workspace the lines of go.work stand before those of the modules.
 * https://go.dev/doc/toolchain#select
 */
export async function goRequests(
  context: DetectContext,
  folder: string,
  module: GoModule | null,
): Promise<VersionRequest[]> {
  const minimums = module === null ? [] : minimumsOf(module);
  const chosen = await versionManagers(context, folder);
  const [minimum] = minimums;
  const [version] = chosen;
  const isTooOld =
    minimum !== undefined && version !== undefined && compareGoVersions(padded(version.raw), minimum.raw) < 0;
  return isTooOld ? [...minimums, ...chosen] : [...chosen, ...minimums];
}

/** A version manager's `1.22` is the newest release of that line: never older than `go 1.22.3`. */
function padded(version: string): string {
  return /^\d+\.\d+$/.test(version) ? `${version}.999999` : version;
}

/** `toolchain` and `go` lines, the newest first: each is a minimum. */
function minimumsOf({ file, mod, workspace }: GoModule): VersionRequest[] {
  const found: VersionRequest[] = [];
  const sources =
    workspace === null ? [] : [{ from: workspace.file, lines: workspace.work, name: 'go-work' }];
  for (const { from, lines, name } of [...sources, { from: file, lines: mod, name: 'go-mod' }]) {
    const { go, toolchain } = lines;
    const named = toolchain === null ? null : versionOfToolchain(toolchain.value);
    if (toolchain !== null && named !== null) {
      const because = evidence(from, toolchain.line, `go/${name}-toolchain`);
      found.push({ raw: named, scheme: 'minimum', because });
    }
    if (go !== null && isGoVersion(go.value)) {
      found.push({ raw: go.value, scheme: 'minimum', because: evidence(from, go.line, `go/${name}`) });
    }
  }
  return found.sort((a, b) => compareGoVersions(b.raw, a.raw));
}

/** goenv's `.go-version` (https://github.com/go-nv/goenv), `golang` and `go` in the files of asdf and mise. */
async function versionManagers({ inventory }: DetectContext, folder: string): Promise<VersionRequest[]> {
  const requests: VersionRequest[] = [];
  for (const at of ancestors(folder)) {
    const file = fileIn(inventory, at, '.go-version');
    const { version } = /^\s*(?:go)?(?<version>[^\s#]+)/.exec(file?.text ?? '')?.groups ?? {};
    if (file == null || version === undefined || version === 'system') continue;
    const line =
      1 + ((file.text ?? '').slice(0, (file.text ?? '').indexOf(version)).match(/\n/g)?.length ?? 0);
    const scheme = /^\d/.test(version) ? 'prefix' : 'alias';
    requests.push({ raw: version, scheme, because: evidence(file, line, 'go/go-version') });
    break;
  }
  return [...requests, ...(await versionFileRequests(inventory, folder, ['golang', 'go']))];
}
