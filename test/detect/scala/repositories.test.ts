/** Repositories, and what their plans must say. From the documentation of sbt, Mill and Scala. */
import { expect, test } from 'vitest';
import { expectPlan } from '../../support/expected.ts';

test('sbt with the native packager', async () => {
  await expectPlan(
    {
      'build.sbt': `lazy val root = (project in file("."))
  .enablePlugins(JavaAppPackaging)
  .settings(
    name := "hello-world", // and a comment with scalaVersion := "2.10.0"
    scalaVersion := "3.3.1",
  )
`,
      'project/build.properties': 'sbt.version=1.9.7\n',
      'project/plugins.sbt': 'addSbtPlugin("com.github.sbt" % "sbt-native-packager" % "1.9.16")\n',
    },
    {
      toolchains: { java: '21' },
      projects: {
        '.': {
          name: 'hello-world',
          languages: ['scala', 'java'],
          commands: {
            install: 'sbt update',
            build: 'sbt stage',
            test: 'sbt test',
            start: './target/universal/stage/bin/hello-world',
            dev: 'sbt run',
          },
        },
      },
      variables: ['JAVA_HOME'],
    },
  );
});

test('an old sbt bounds the JDK', async () => {
  await expectPlan(
    {
      'build.sbt': 'scalaVersion := "2.12.8"\n',
      'project/build.properties': 'sbt.version = 1.2.8\n',
      'src/main/scala/Main.scala': 'object Main extends App\n',
    },
    {
      toolchains: { java: '11' },
      projects: { '.': { commands: { build: 'sbt compile', start: 'sbt run' } } },
    },
  );
});

test('a build that only holds projects together is not run', async () => {
  await expectPlan(
    {
      'build.sbt': 'lazy val core = project\n',
      'core/src/main/scala/Core.scala': 'class Core\n',
    },
    {
      toolchains: { java: '21' },
      projects: { '.': { commands: { build: 'sbt compile', start: null, dev: null } }, core: {} },
    },
  );
});

test('an old Scala bounds the JDK too', async () => {
  await expectPlan(
    {
      'build.sbt': 'ThisBuild / scalaVersion := "2.13.8"\n',
      'project/build.properties': 'sbt.version=1.10.0\n',
    },
    { toolchains: { java: '17' } },
  );
});

test('Scala 3.8 needs JDK 17', async () => {
  await expectPlan(
    {
      'build.sbt': 'scalaVersion := "3.8.1"\n',
      'project/build.properties': 'sbt.version=1.11.0\n',
      '.java-version': '11\n',
    },
    { toolchains: { java: '11' }, findings: ['version-contradiction'] },
  );
});

test('a Play application', async () => {
  await expectPlan(
    {
      'build.sbt':
        'name := """shop"""\nlazy val root = (project in file(".")).enablePlugins(PlayScala)\nscalaVersion := "2.13.14"\n',
      'project/build.properties': 'sbt.version=1.10.1\n',
      'project/plugins.sbt': 'addSbtPlugin("org.playframework" % "sbt-plugin" % "3.0.4")\n',
      'conf/application.conf': '',
    },
    {
      toolchains: { java: '21' },
      projects: {
        '.': {
          name: 'shop',
          frameworks: ['play'],
          commands: { build: 'sbt stage', start: './target/universal/stage/bin/shop', dev: 'sbt run' },
          ports: [9000],
        },
      },
    },
  );
});

test('several projects of one build', async () => {
  await expectPlan(
    {
      'build.sbt': `lazy val core = (project in file("core")).settings(scalaVersion := "3.3.4")
lazy val server = project.in(file("modules/server")).dependsOn(core)
lazy val docs = project
`,
      'core/src/main/scala/A.scala': '',
      'modules/server/src/main/scala/B.scala': '',
      'docs/C.scala': '',
      'project/build.properties': 'sbt.version=1.10.1\n',
    },
    {
      toolchains: { java: '21' },
      projects: { '.': {}, core: { name: 'core' }, docs: {}, 'modules/server': { name: 'server' } },
    },
  );
});

test('Mill', async () => {
  await expectPlan(
    {
      'build.mill': 'object foo extends ScalaModule { def scalaVersion = "3.4.2" }\n',
      '.mill-version': '0.12.5\n',
      mill: '#!/bin/sh\n',
    },
    {
      toolchains: { java: '21' },
      packageManagers: { mill: '0.12.5' },
      projects: {
        '.': {
          languages: ['scala', 'java'],
          commands: { build: './mill __.compile', test: './mill __.test' },
        },
      },
    },
  );
});

test('scala-cli', async () => {
  await expectPlan(
    { 'project.scala': '//> using scala 3.4.2\n//> using jvm 17\n' },
    {
      toolchains: { java: '17' },
      projects: {
        '.': {
          languages: ['scala', 'java'],
          commands: { build: 'scala-cli compile .', start: 'scala-cli run .' },
        },
      },
    },
  );
});

test('a Scala version that is computed is passed over', async () => {
  const plan = await expectPlan(
    { 'build.sbt': 'scalaVersion := Versions.scala\n' },
    { toolchains: { java: '21' } },
  );
  expect(plan.packageManagers.map(({ id }) => id)).toEqual(['sbt']);
});
