/** What a build of Mill needs: https://mill-build.org */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { dependenciesIn, nativeNeeds } from '../jvm/dependencies.ts';
import { jdkRequests } from '../jvm/requests.ts';
import { jdkPins } from '../jvm/version-files.ts';
import { outermost } from '../shared/folders.ts';
import { fileIn, filesNamed, folderOf, isSideFolder, join } from '../shared/tree.ts';
import type { DetectContext, Need, VersionRequest } from '../types.ts';
import { javaForMill } from './compat.ts';
import { bound } from './sbt.ts';

const buildNames = ['build.mill', 'build.sc'];

export async function millNeeds(context: DetectContext): Promise<Need[]> {
  const { inventory } = context;
  const folders = outermost(filesNamed(context, buildNames).map(({ path }) => folderOf(path)));
  const needs: Need[] = [];
  for (const folder of folders.filter((each) => !isSideFolder(each))) {
    const file = buildNames.map((name) => fileIn(inventory, folder, name)).find((each) => each !== null);
    if (file === undefined) continue;
    const version = versionOf(inventory, folder, file);
    const range = version === null ? null : bound(javaForMill(version.raw), version.because);
    const requests = jdkRequests({
      pins: [...jvmVersion(file), ...(await jdkPins(inventory, folder))],
      targets: [],
      bounds: range === null ? [] : [range],
    });
    const script = ['mill', 'millw'].find((name) => inventory.files.has(join(folder, name)));
    const mill = script === undefined ? 'mill' : `./${script}`;
    const because = [presence(file.path, 'scala/mill')];
    needs.push(
      { kind: 'toolchain', id: 'java', project: folder, requests, because },
      {
        kind: 'package-manager',
        id: 'mill',
        project: folder,
        requests: version === null ? [] : [version],
        lockfile: null,
        because: version === null ? because : [version.because],
        ...(script === undefined || version === null ? {} : { fetchedFor: 'java' }),
      },
      ...nativeNeeds(context, folder, await dependenciesIn([file])),
      {
        kind: 'project',
        path: folder,
        name: null,
        languages: ['scala', 'java'],
        frameworks: [],
        packageManager: 'mill',
        commands: { build: `${mill} __.compile`, test: `${mill} __.test` },
        ports: [],
        because,
      },
    );
  }
  return needs;
}

/** https://mill-build.org/mill/cli/installation-ide.html#_mill_version */
function versionOf(inventory: Inventory, folder: string, build: ClaimedFile): VersionRequest | null {
  const files = [
    fileIn(inventory, folder, '.mill-version'),
    fileIn(inventory, join(folder, '.config'), 'mill-version'),
  ];
  for (const file of files) {
    const word = /^\s*(?<word>\d[\w.-]{0,60})/.exec(file?.text?.slice(0, 200) ?? '')?.groups?.word;
    if (file !== null && word !== undefined)
      return { raw: word, scheme: 'prefix', because: evidence(file, 1, 'scala/mill-version') };
  }
  return directive(build, 'mill-version', 'prefix');
}

function jvmVersion(build: ClaimedFile): VersionRequest[] {
  const found = directive(build, 'mill-jvm-version', 'java');
  return found === null ? [] : [found];
}

/** `//| mill-version: 1.0.0` at the head of the build. */
function directive(build: ClaimedFile, key: string, scheme: VersionRequest['scheme']): VersionRequest | null {
  const lines = (build.text ?? '').split('\n', 50);
  const at = lines.findIndex((line) => line.startsWith('//|') && line.includes(`${key}:`));
  const raw = /:\s{0,9}["']?(?<raw>[\w.:+-]{1,60})/.exec(lines[at]?.slice(0, 300) ?? '')?.groups?.raw;
  return raw === undefined
    ? null
    : { raw: raw.replace(/^.*:/, ''), scheme, because: evidence(build, at + 1, `scala/${key}`) };
}
