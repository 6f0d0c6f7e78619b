/** Projects of Leiningen: https://codeberg.org/leiningen/leiningen/src/branch/main/sample.project.clj */

import type { Commands } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { applicationOf } from '../jvm/application.ts';
import { dependenciesIn, nativeNeeds } from '../jvm/dependencies.ts';
import { frameworksOf } from '../jvm/frameworks.ts';
import { jdkRequests } from '../jvm/requests.ts';
import { jdkPins, vendorFindings } from '../jvm/version-files.ts';
import { folderOf } from '../shared/tree.ts';
import type { DetectContext, Need } from '../types.ts';
import { behind, type Form, formAt, readForms } from './edn.ts';

interface LeinProject {
  name: string | null;
  version: string | null;
  line: number | null;
  items: readonly Form[];
  isWhole: boolean;
}

function readProject(file: ClaimedFile): LeinProject {
  const { forms, isWhole } = readForms(file.text ?? '');
  const form = forms.find(({ kind, items }) => kind === 'list' && items[0]?.text === 'defproject');
  const [, name, version] = form?.items ?? [];
  return {
    name:
      name?.kind === 'word' && /^[\w./-]+$/.test(name.text) ? (name.text.split('/').at(-1) ?? null) : null,
    version: version?.kind === 'string' ? version.text : null,
    line: form?.line ?? null,
    items: form?.items ?? [],
    isWhole: isWhole && form !== undefined,
  };
}

export async function leinNeeds(context: DetectContext, file: ClaimedFile): Promise<Need[]> {
  const { inventory } = context;
  const folder = folderOf(file.path);
  const project = readProject(file);
  const because = [
    project.line === null
      ? presence(file.path, 'clojure/lein')
      : evidence(file, project.line, 'clojure/lein'),
  ];
  const requests = jdkRequests({ pins: await jdkPins(inventory, folder), targets: [], bounds: [] });
  const dependencies = await dependenciesIn([file]);
  const hasRing = hasPlugin(project, 'lein-ring/lein-ring') || hasPlugin(project, 'lein-ring');
  const frameworks = frameworksOf(dependencies);
  const application = applicationOf(inventory, folder, dependencies);
  const unread = !project.isWhole && (file.text ?? '').trim() !== '';
  return [
    { kind: 'toolchain', id: 'java', project: folder, requests, because },
    { kind: 'package-manager', id: 'leiningen', project: folder, requests: [], lockfile: null, because },
    ...vendorFindings(requests),
    ...nativeNeeds(context, folder, dependencies),
    ...application.services,
    {
      kind: 'project',
      path: folder,
      name: project.name,
      languages: ['clojure', 'java'],
      frameworks: hasRing && !frameworks.ids.includes('ring') ? ['ring', ...frameworks.ids] : frameworks.ids,
      packageManager: 'leiningen',
      commands: commandsOf(project, hasRing),
      // https://github.com/weavejester/lein-ring#general-options
      ports: application.ports.length > 0 ? application.ports : hasRing ? [ringPort(project)] : [],
      because,
    },
    ...(unread
      ? [
          {
            kind: 'finding' as const,
            code: 'manifest-not-understood',
            severity: 'warning' as const,
            message: `${file.path} is not read whole: ${project.line === null ? 'it has no defproject' : 'a form has no end'}`,
            hint: 'Mend the file; what cannot be read of it is not in the plan.',
            because,
          },
        ]
      : []),
  ];
}

function commandsOf(project: LeinProject, hasRing: boolean): Partial<Commands> {
  const isStarted = hasRing || behind(project.items, ':main') !== null;
  const given =
    behind(project.items, ':uberjar-name') ??
    formAt(behind(project.items, ':profiles'), [':uberjar', ':uberjar-name']);
  const own =
    project.name === null || project.version === null
      ? null
      : `${project.name}-${project.version}-standalone.jar`;
  const jar = given?.kind === 'string' ? given.text : own;
  const path = jar !== null && /^[\w@%+=:,./-]+$/.test(jar) ? `target/${jar}` : 'target/*-standalone.jar';
  // Of an empty or unread project nothing is known: what is built is an archive by convention.
  const start = isStarted || project.items.length === 0 ? { start: `java -jar ${path}` } : {};
  return {
    install: 'lein deps',
    build: hasRing ? 'lein ring uberjar' : 'lein uberjar',
    test: 'lein test',
    ...start,
    ...(hasRing ? { dev: 'lein ring server-headless' } : isStarted ? { dev: 'lein run' } : {}),
  };
}

function hasPlugin({ items }: LeinProject, name: string): boolean {
  const places = [behind(items, ':plugins'), formAt(behind(items, ':profiles'), [':dev', ':plugins'])];
  return places.some((plugins) => plugins?.items.some((plugin) => plugin.items[0]?.text === name));
}

function ringPort({ items }: LeinProject): number {
  const port = Number(formAt(behind(items, ':ring'), [':port'])?.text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 3000;
}
