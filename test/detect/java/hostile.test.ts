import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectClojure } from '../../../src/detect/clojure/detect.ts';
import { readForms } from '../../../src/detect/clojure/edn.ts';
import { detectJava } from '../../../src/detect/java/detect.ts';
import { readScript } from '../../../src/detect/java/gradle/script.ts';
import { tokensOf } from '../../../src/detect/java/gradle/tokens.ts';
import { detectScala } from '../../../src/detect/scala/detect.ts';
import { contextOf } from '../../support/inventory.ts';

/** Pieces that scripts are made of, in any order. */
const pieces = [
  ...[
    '"',
    "'",
    '"""',
    '/',
    '//',
    '/*',
    '*/',
    '`',
    '\\',
    '$',
    '${',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '\n',
    ',',
    '.',
    '=',
  ],
  ...[
    'plugins',
    'id',
    'alias',
    'apply',
    'include',
    'version',
    'JavaLanguageVersion',
    'of',
    'jvmToolchain',
    '17',
    ':a',
  ],
  ...[
    'rootProject',
    'name',
    'project',
    'projectDir',
    'file',
    'libs',
    'val x',
    'release',
    'options',
    'defproject',
    ':main',
  ],
  ...[
    '<project>',
    '</project>',
    '<modules>',
    '<module>',
    '${a}',
    '#_',
    '^',
    '#"',
    ';',
    'scalaVersion',
    ':=',
    'in',
  ],
];
const script = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 60 })
  .map((all) => all.join(' '));

describe('hostile input', () => {
  test('any text is read without an error', async () => {
    await fc.assert(
      fc.asyncProperty(script, script, async (a, b) => {
        await detectJava(
          contextOf({
            'build.gradle': a,
            'settings.gradle.kts': b,
            'gradle/wrapper/gradle-wrapper.properties': a,
            'gradle/libs.versions.toml': b,
            'gradle.properties': a,
            'x/pom.xml': `<project>${a}</project>`,
            'y/build.xml': `<project><javac ${b}/></project>`,
            '.java-version': a,
            '.sdkmanrc': b,
            'jitpack.yml': a,
            'src/main/resources/application.yml': b,
          }),
        );
        await detectScala(contextOf({ 'build.sbt': a, 'project/build.properties': b, 'x/build.mill': a }));
        await detectClojure(contextOf({ 'project.clj': a, 'x/deps.edn': b, 'x/build.clj': a, 'bb.edn': b }));
      }),
      { numRuns: 150 },
    );
  });

  test('properties that refer to themselves end', async () => {
    const pom = `<project><artifactId>a</artifactId><version>\${v}</version>
      <properties><v>\${w}</v><w>\${v}</w><java.version>\${java.version}</java.version></properties></project>`;
    expect((await detectJava(contextOf({ 'pom.xml': pom }))).length).toBeGreaterThan(0);
  });

  test('modules and parents that name each other end', async () => {
    const pom = (module: string) =>
      `<project><parent><artifactId>p</artifactId><relativePath>../${module}/pom.xml</relativePath></parent><artifactId>p</artifactId><modules><module>../${module}</module></modules></project>`;
    const needs = await detectJava(contextOf({ 'a/pom.xml': pom('b'), 'b/pom.xml': pom('a') }));
    expect(needs.filter(({ kind }) => kind === 'project')).toHaveLength(2);
  });

  test('what leaves the repository is not followed', async () => {
    const needs = await detectJava(
      contextOf({
        'settings.gradle': "include ':x'\nproject(':x').projectDir = file('../../etc')\n",
        'x/a.txt': '',
      }),
    );
    expect(needs.flatMap((need) => (need.kind === 'project' ? [need.path] : []))).toEqual(['.']);
  });

  test.each([
    ['a line of quotes', '"'.repeat(300_000)],
    ['comments in comments', '/*'.repeat(300_000)],
    ['open braces', '{'.repeat(300_000)],
    ['slashes', '= /'.repeat(150_000)],
    ['words', 'plugins {'.repeat(50_000)],
    ['lists', 'include "a", '.repeat(50_000)],
    ['commas', `include("a"${', "a"'.repeat(100_000)}`],
  ])('time is linear: %s', (_, text) => {
    const before = performance.now();
    tokensOf(text, { kotlin: true });
    readScript(text, false);
    readForms(text);
    expect(performance.now() - before).toBeLessThan(4000);
  });

  test('names of commands are no lines of shell', async () => {
    const needs = await detectJava(
      contextOf({
        'pom.xml':
          '<project><artifactId>a;rm -rf ~</artifactId><version>$(id)</version><build><plugins><plugin><artifactId>x</artifactId><configuration><mainClass>A</mainClass></configuration></plugin></plugins></build></project>',
      }),
    );
    expect(needs.find(({ kind }) => kind === 'project')).toMatchObject({
      commands: { start: 'java -jar target/*.jar' },
    });
  });
});
