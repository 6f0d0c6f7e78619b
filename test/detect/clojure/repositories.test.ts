/** Repositories, and what their plans must say. From the documentation of Leiningen, the Clojure CLI and Babashka. */
import { expect, test } from 'vitest';
import { expectPlan } from '../../support/expected.ts';

test('Leiningen', async () => {
  await expectPlan(
    {
      'project.clj': `(defproject hello-world "0.1.0-SNAPSHOT"
  :dependencies [[org.clojure/clojure "1.11.1"]] ; a comment with :main other
  :main ^:skip-aot hello-world.core
  :profiles {:uberjar {:aot :all}})
`,
    },
    {
      toolchains: { java: '21' },
      projects: {
        '.': {
          name: 'hello-world',
          languages: ['clojure', 'java'],
          commands: {
            install: 'lein deps',
            build: 'lein uberjar',
            test: 'lein test',
            start: 'java -jar target/hello-world-0.1.0-SNAPSHOT-standalone.jar',
            dev: 'lein run',
          },
        },
      },
      variables: ['LEIN_JAVA_CMD', 'JAVA_HOME'],
    },
  );
});

test('a Ring application with the plug-in', async () => {
  await expectPlan(
    {
      'project.clj':
        '(defproject acme/web "1.0.0"\n  :dependencies [[ring/ring-core "1.9.0"]]\n  :plugins [[lein-ring "0.12.5"]]\n  :ring {:handler web.core/app})\n',
    },
    {
      toolchains: { java: '21' },
      projects: {
        '.': {
          name: 'web',
          frameworks: ['ring'],
          commands: { build: 'lein ring uberjar', dev: 'lein ring server-headless' },
          ports: [3000],
        },
      },
    },
  );
});

test('a named uberjar and a pinned JDK', async () => {
  await expectPlan(
    {
      'project.clj':
        '(defproject app "1"\n  :main app.core\n  :uberjar-name "app.jar" :profiles {:uberjar {:omit-source true}})\n',
      '.jdk-version': '11',
    },
    { toolchains: { java: '11' }, projects: { '.': { commands: { start: 'java -jar target/app.jar' } } } },
  );
});

test('the Clojure CLI with tools.build', async () => {
  await expectPlan(
    {
      'deps.edn':
        '{:paths ["src"]\n :deps {org.clojure/clojure {:mvn/version "1.11.1"}}\n :aliases {:build {:deps {io.github.clojure/tools.build {:git/tag "v0.9.6"}} :ns-default build}\n  :test {:exec-fn cognitect.test-runner.api/test}}}\n',
      'build.clj': '(ns build)\n(defn clean [_])\n(defn uber [_])\n',
    },
    {
      toolchains: { java: '21' },
      packages: ['git'],
      projects: {
        '.': {
          languages: ['clojure', 'java'],
          commands: {
            install: 'clojure -P && clojure -P -T:build && clojure -P -M:test',
            build: 'clojure -T:build uber',
            test: 'clojure -X:test',
            start: 'java -jar target/*.jar',
          },
        },
      },
    },
  );
});

test('babashka tasks', async () => {
  const plan = await expectPlan(
    { 'bb.edn': '{:paths ["src"] :tasks {test (println 1) build (println 2)}}\n' },
    {
      toolchains: {},
      packages: ['babashka'],
      projects: { '.': { languages: ['clojure'], commands: { build: 'bb build', test: 'bb test' } } },
    },
  );
  expect(plan.toolchains).toEqual([]);
});

test('a project.clj with holes does not throw', async () => {
  await expectPlan(
    { 'project.clj': '(defproject ~(name) "1" :dependencies [[a "1"' },
    { toolchains: { java: '21' }, findings: ['manifest-not-understood'] },
  );
});

const pomOf = (rest: string) =>
  `<project><modelVersion>4.0.0</modelVersion>${rest}<artifactId>uri</artifactId><version>1</version></project>`;

test('a pom that was written to publish builds nothing, and npm only brings packages', async () => {
  await expectPlan(
    {
      'deps.edn': '{:deps {org.clojure/clojure {:mvn/version "1.11.1"}}}\n',
      'pom.xml': pomOf('<build><sourceDirectory>src</sourceDirectory></build>'),
      'package.json': '{"dependencies":{"ws":"^8.4.2"}}',
      'src/uri/core.cljc': '(ns uri.core)\n',
    },
    {
      toolchains: { java: '21', node: '24' },
      packageManagers: { 'clojure-cli': null, npm: null },
      projects: { '.': { languages: ['clojure', 'java', 'node'], commands: { build: null } } },
    },
  );
});

test('Maven builds the libraries of Clojure’s own', async () => {
  await expectPlan(
    {
      'pom.xml': pomOf(
        '<parent><groupId>org.clojure</groupId><artifactId>pom.contrib</artifactId><version>1.2.0</version></parent>',
      ),
      'deps.edn': '{}\n',
      'src/main/clojure/clojure/math.clj': '(ns clojure.math)\n',
    },
    {
      toolchains: { java: '21' },
      projects: {
        '.': { languages: ['clojure', 'java'], commands: { build: 'mvn -B package -DskipTests' } },
      },
    },
  );
});
