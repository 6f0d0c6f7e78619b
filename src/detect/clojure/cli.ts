/** Projects of the Clojure CLI: https://clojure.org/reference/clojure_cli */

import type { Commands } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { applicationOf } from '../jvm/application.ts';
import { dependenciesIn, nativeNeeds } from '../jvm/dependencies.ts';
import { frameworksOf } from '../jvm/frameworks.ts';
import { jdkRequests } from '../jvm/requests.ts';
import { jdkPins, vendorFindings } from '../jvm/version-files.ts';
import { fileIn, folderOf } from '../shared/tree.ts';
import type { DetectContext, FindingNeed, Need, VersionRequest } from '../types.ts';
import { type Form, formAt, readForms } from './edn.ts';

export async function cliNeeds(context: DetectContext, file: ClaimedFile): Promise<Need[]> {
  const { inventory } = context;
  const folder = folderOf(file.path);
  const { forms, isWhole } = readForms(file.text ?? '');
  const deps = forms.find(({ kind }) => kind === 'map') ?? null;
  const because = [presence(file.path, 'clojure/deps-edn')];
  const requests = jdkRequests({ pins: await jdkPins(inventory, folder), targets: [], bounds: [] });
  const dependencies = await dependenciesIn([file]);
  const frameworks = frameworksOf(dependencies);
  const application = applicationOf(inventory, folder, dependencies);
  const git = gitLine(file);
  return [
    { kind: 'toolchain', id: 'java', project: folder, requests, because },
    { kind: 'package-manager', id: 'clojure-cli', project: folder, requests: [], lockfile: null, because },
    ...(git === null
      ? []
      : [
          {
            kind: 'tool' as const,
            id: 'git',
            project: folder,
            because: [evidence(file, git, 'clojure/git-dependency')],
          },
        ]),
    ...vendorFindings(requests),
    ...ownJdk(requests),
    ...nativeNeeds(context, folder, dependencies),
    ...application.services,
    {
      kind: 'project',
      path: folder,
      name: null,
      languages: ['clojure', 'java'],
      frameworks: frameworks.ids,
      packageManager: 'clojure-cli',
      commands: commandsOf(inventory, folder, deps),
      ports: application.ports.length > 0 ? application.ports : frameworks.ports,
      because,
    },
    ...(isWhole ? [] : [unread(file)]),
  ];
}

/** Functions of a build script, by the names that guides give to the one that makes an archive. */
const archives = ['uber', 'uberjar', 'jar', 'ci'];

function commandsOf(inventory: Inventory, folder: string, deps: Form | null): Partial<Commands> {
  const alias = (name: string) => formAt(deps, [':aliases', `:${name}`]);
  const script = fileIn(inventory, folder, 'build.clj');
  const defined = readForms(script?.text ?? '').forms.flatMap(({ items: [first, name] }) =>
    first?.text === 'defn' && name?.kind === 'word' ? [name.text] : [],
  );
  const archive = archives.find((name) => defined.includes(name)) ?? 'uber';
  const test = alias('test');
  const isMain = (form: Form | null) => formAt(form, [':main-opts']) !== null;
  const run = ['run', 'run-m', 'main', 'start', 'server'].find((name) => alias(name) !== null);
  const runner = run === undefined ? null : `clojure -${isMain(alias(run)) ? 'M' : 'X'}:${run}`;
  const start = script === null ? runner : 'java -jar target/*.jar';
  return {
    // Each alias has dependencies of its own: https://clojure.org/reference/clojure_cli#prep
    install: [
      'clojure -P',
      ...(script === null || alias('build') === null ? [] : ['clojure -P -T:build']),
      ...(test === null ? [] : ['clojure -P -M:test']),
    ].join(' && '),
    ...(script === null ? {} : { build: `clojure -T:build ${archive}` }),
    ...(test === null ? {} : { test: `clojure -${isMain(test) ? 'M' : 'X'}:test` }),
    ...(start === null ? {} : { start }),
    ...(runner === null ? {} : { dev: runner }),
  };
}

/** Line of a dependency that is fetched by git: https://clojure.org/guides/deps_and_cli#git */
function gitLine(file: ClaimedFile): number | null {
  const lines = (file.text ?? '').split('\n');
  const at = lines.findIndex((line) => /^[^;]{0,1000}:(git\/(url|tag|sha)|sha)\b/.test(line));
  return at === -1 ? null : at + 1;
}

/** nixpkgs puts its own JDK before all others on the PATH of `clojure`. */
function ownJdk(requests: readonly VersionRequest[]): FindingNeed[] {
  return requests.slice(0, 1).map(({ raw, because }) => ({
    kind: 'finding',
    code: 'clojure-jdk',
    severity: 'info',
    message: `Java ${raw} is asked for; the clojure command of nixpkgs runs on the JDK that it was packaged with`,
    hint: 'What is built runs on the JDK of the environment: `java -jar`.',
    because: [because],
  }));
}

function unread(file: ClaimedFile): FindingNeed {
  return {
    kind: 'finding',
    code: 'manifest-not-understood',
    severity: 'warning',
    message: `${file.path} is not read whole: a form has no end`,
    hint: 'Mend the file; what cannot be read of it is not in the plan.',
    because: [presence(file.path, 'clojure/deps-edn')],
  };
}
