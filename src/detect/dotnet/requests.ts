/** Which SDK the projects of a unit ask for. */
import type { Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import { compareLines } from './frameworks.ts';
import { sdkDemand } from './global-json.ts';
import type { DotnetProject } from './projects.ts';
import type { Unit } from './solutions.ts';

/** What one project is compiled for, of the .NET that runs everywhere. */
interface Wanted {
  project: DotnetProject;
  line: string;
  request: VersionRequest;
}

/**
 * Requests in the order in which they decide: global.json, which the SDK itself obeys; a version manager; the newest
 * target framework. An SDK compiles for every framework up to its own version, but has the runtime of its own alone:
 * of a program or of tests, that line is meant; a library takes any newer SDK too.
 */
export async function unitRequests(
  inventory: Inventory,
  unit: Unit,
): Promise<{ requests: VersionRequest[]; findings: FindingNeed[] }> {
  const { demand, findings } = await sdkDemand(inventory, unit.folder);
  const managed = await versionFileRequests(inventory, unit.folder, ['dotnet', 'dotnet-core']);
  const wanted = wantedOf(unit);
  const newest = wanted.toSorted((a, b) => compareLines(b.line, a.line))[0];
  const chosen = demand?.request ?? managed[0];
  const isOpen = demand?.isOpen ?? false;
  const major = demand?.major ?? Number(/^v?(?<major>\d+)/.exec(chosen?.raw ?? '')?.groups?.major);
  const own = newest === undefined ? [] : [newest.request];
  const pins = [...(demand === null ? [] : [demand.request]), ...managed];
  if (chosen === undefined || newest === undefined || Number.isNaN(major)) {
    return { requests: [...pins, ...own], findings: [...findings, ...missingRuntimes(wanted, newest?.line)] };
  }
  const difference = compareLines(String(major), newest.line);
  // Any SDK from a major on: the one that has the runtime.
  if (isOpen && difference <= 0) {
    return { requests: [...own, ...pins], findings: [...findings, ...missingRuntimes(wanted, newest.line)] };
  }
  // An SDK that is too old compiles nothing; of one that is newer, the frameworks are no contradiction.
  return {
    requests: difference < 0 ? [...pins, ...own] : pins,
    findings: [...findings, ...missingRuntimes(wanted, String(major))],
  };
}

/** The newest framework of each project. */
function wantedOf({ projects }: Unit): Wanted[] {
  const runs = projects.some(({ isProgram, isTest }) => isProgram || isTest);
  return projects.flatMap((project) => {
    const { targets, targetsFrom } = project;
    const lines = (targets ?? []).flatMap(({ target }) => (target.kind === 'net' ? [target.line] : []));
    const line = lines.sort(compareLines).at(-1);
    if (line === undefined || targetsFrom === null) return [];
    const { path, line: at } = targetsFrom;
    const because =
      path === project.file.path
        ? evidence(project.file, at, 'dotnet/target-framework')
        : { file: path, line: at, text: '', rule: 'dotnet/target-framework' };
    return [{ project, line, request: { raw: line, scheme: runs ? 'prefix' : 'minimum', because } }];
  });
}

/** Programs and tests of a framework whose runtime is not in the SDK. */
function missingRuntimes(wanted: readonly Wanted[], sdk: string | undefined): FindingNeed[] {
  if (sdk === undefined) return [];
  return wanted
    .filter(({ project }) => project.isProgram || project.isTest)
    .filter(({ line }) => compareLines(line, sdk) < 0)
    .map(({ project, line, request }) => ({
      kind: 'finding',
      code: 'dotnet-runtime-missing',
      severity: 'warning',
      message: `${project.file.path} runs on .NET ${line}, but the SDK ${sdk} has no runtime of it`,
      hint: 'It is compiled all the same. To run it on the newer one, set DOTNET_ROLL_FORWARD to "Major" in "env" of nidify.jsonc.',
      because: [request.because],
    }));
}
