/** Ant, where its build file compiles Java: other tools have build files of this name too. */
import { descendants, parseXml } from '../../parse/xml.ts';
import { evidence } from '../evidence.ts';
import { jdkRequests } from '../jvm/requests.ts';
import { jdkPins } from '../jvm/version-files.ts';
import { filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import type { DetectContext, Need, VersionRequest } from '../types.ts';

/** https://ant.apache.org/manual/Tasks/javac.html */
export async function antNeeds(context: DetectContext): Promise<Need[]> {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['build.xml'])) {
    const parsed = parseXml(file.text ?? '');
    const project = folderOf(file.path);
    if ('problem' in parsed || parsed.root.name !== 'project' || isSideFolder(project)) continue;
    const [compile, ...others] = descendants(parsed.root, 'javac').map(({ element }) => element);
    if (compile === undefined) continue;
    const targets = [compile, ...others].flatMap(({ attributes, line }): VersionRequest[] => {
      const raw = attributes.release ?? attributes.target ?? attributes.source;
      if (raw === undefined || !/^[\d.]+$/.test(raw)) return [];
      return [{ raw, scheme: 'java-target', because: evidence(file, line, 'java/ant') }];
    });
    const because = [evidence(file, compile.line, 'java/ant')];
    const requests = jdkRequests({ pins: await jdkPins(context.inventory, project), targets, bounds: [] });
    const named = new Set(descendants(parsed.root, 'target').map(({ element }) => element.attributes.name));
    needs.push(
      { kind: 'toolchain', id: 'java', project, requests, because },
      { kind: 'tool', id: 'ant', project, because },
      {
        kind: 'project',
        path: project,
        name: null,
        languages: ['java'],
        frameworks: [],
        packageManager: null,
        commands: {
          build: 'ant',
          ...(named.has('test') ? { test: 'ant test' } : {}),
          ...(named.has('run') ? { start: 'ant run' } : {}),
        },
        ports: [],
        because,
      },
    );
  }
  return needs;
}
