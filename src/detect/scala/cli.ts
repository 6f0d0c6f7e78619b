/** Projects of scala-cli: https://scala-cli.virtuslab.org/docs/guides/introduction/using-directives */
import { evidence, presence } from '../evidence.ts';
import { jdkRequests } from '../jvm/requests.ts';
import { jdkPins } from '../jvm/version-files.ts';
import { filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import type { DetectContext, Need, VersionRequest } from '../types.ts';
import { javaForScala } from './compat.ts';
import { bound } from './sbt.ts';

const directive = /^\s*\/\/>\s+using\s+(?<key>scala|jvm)\s+"?(?<value>[\w.:+-]{1,60})"?/;

export async function scalaCliNeeds(context: DetectContext): Promise<Need[]> {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['project.scala'])) {
    const folder = folderOf(file.path);
    if (isSideFolder(folder) || /(^|\/)src\//.test(file.path)) continue;
    const pins: VersionRequest[] = [];
    const bounds: VersionRequest[] = [];
    let isUsed = false;
    for (const [at, line] of (file.text ?? '').split('\n', 200).entries()) {
      isUsed ||= /^\s*\/\/>\s+using\s/.test(line.slice(0, 200));
      const { key, value } = directive.exec(line.slice(0, 300))?.groups ?? {};
      if (key === undefined || value === undefined) continue;
      const because = evidence(file, at + 1, `scala/cli-${key}`);
      if (key === 'jvm') pins.push({ raw: value.replace(/^.*:/, ''), scheme: 'java', because });
      const range = key === 'scala' ? bound(javaForScala(value), because) : null;
      if (range !== null) bounds.push(range);
    }
    if (!isUsed) continue;
    const because = [presence(file.path, 'scala/cli')];
    const requests = jdkRequests({
      pins: [...pins, ...(await jdkPins(context.inventory, folder))],
      targets: [],
      bounds,
    });
    needs.push(
      { kind: 'toolchain', id: 'java', project: folder, requests, because },
      { kind: 'package-manager', id: 'scala-cli', project: folder, requests: [], lockfile: null, because },
      {
        kind: 'project',
        path: folder,
        name: null,
        languages: ['scala', 'java'],
        frameworks: [],
        packageManager: 'scala-cli',
        commands: { build: 'scala-cli compile .', test: 'scala-cli test .', start: 'scala-cli run .' },
        ports: [],
        because,
      },
    );
  }
  return needs;
}
