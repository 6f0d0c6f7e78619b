/** Dependencies of projects on the Java virtual machine: Maven, Gradle, sbt, Mill, Leiningen, the Clojure CLI. */
import { entriesAt, stringAt } from '../../parse/value.ts';
import { childText, descendants, parseXml } from '../../parse/xml.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { type DeclaredDependency, isForDevelopment, linesOf } from './types.ts';

function maven(name: string, isDevelopment: boolean, line: number | null): DeclaredDependency {
  return { registry: 'maven', name, isDevelopment, line: () => line };
}

/** https://maven.apache.org/pom.html#Dependencies; what is only managed is not used there. */
export function ofPom(file: ClaimedFile): DeclaredDependency[] {
  const parsed = parseXml(file.text ?? '');
  if ('problem' in parsed) return [];
  return descendants(parsed.root, 'dependency').flatMap(({ element, within }) => {
    const group = childText(element, 'groupId');
    const artifact = childText(element, 'artifactId');
    if (group === null || artifact === null || within.includes('dependencyManagement')) return [];
    return [maven(`${group}:${artifact}`, childText(element, 'scope') === 'test', element.line)];
  });
}

const coordinates = /["'](?<group>[\w.-]{1,200}):(?<artifact>[\w.-]{1,200})(?=[:"'@])/g;
const named =
  /\bgroup\s{0,9}[:=]\s{0,9}["'](?<group>[\w.-]{1,200})["']\s{0,9},\s{0,9}name\s{0,9}[:=]\s{0,9}["'](?<artifact>[\w.-]{1,200})/;

/** `testImplementation("org.testcontainers:kafka:1.20")`: https://docs.gradle.org/current/userguide/declaring_dependencies.html */
export function ofGradle(file: ClaimedFile): DeclaredDependency[] {
  return linesOf(file, /^\s*(\/\/|\*|\/\*)/).flatMap(({ line, number }) => {
    const configuration = /^\s*["']?(?<word>\w+)/.exec(line)?.groups?.word ?? '';
    const isDevelopment = isForDevelopment(configuration.replace(/(?<=[a-z])(?=[A-Z])/g, '-'));
    const found = [...line.matchAll(coordinates), named.exec(line)];
    return found.flatMap((match) => {
      const { group, artifact } = match?.groups ?? {};
      return group === undefined ? [] : [maven(`${group}:${artifact}`, isDevelopment, number)];
    });
  });
}

/** `gradle/libs.versions.toml`: https://docs.gradle.org/current/userguide/version_catalogs.html */
export async function ofVersionCatalog(file: ClaimedFile): Promise<DeclaredDependency[]> {
  const document = await parseTomlFile(file);
  if (document === null) return [];
  return entriesAt(document.value, ['libraries']).flatMap(([alias, entry]) => {
    const text = typeof entry === 'string' ? entry : stringAt(entry, ['module']);
    const [group, artifact] = text?.split(':') ?? [stringAt(entry, ['group']), stringAt(entry, ['name'])];
    if (typeof group !== 'string' || typeof artifact !== 'string') return [];
    const line = () => document.line(['libraries', alias]);
    return [{ ...maven(`${group}:${artifact}`, false, null), line }];
  });
}

const percents = /"(?<group>[\w.-]{1,200})"\s{0,9}%{1,3}\s{0,9}"(?<artifact>[\w.-]{1,200})"/g;
const ivy = /\b(?:ivy|mvn)"(?<group>[\w.-]{1,200}):{1,3}(?<artifact>[\w.-]{1,200})/g;

/** `"com.dimafeng" %% "testcontainers-scala" % "0.41" % Test`: https://www.scala-sbt.org/1.x/docs/Library-Management.html */
export function ofScala(file: ClaimedFile): DeclaredDependency[] {
  return linesOf(file, /^\s*(\/\/|\*|\/\*)/).flatMap(({ line, number }) => {
    const isDevelopment = /%\s*("?(test|it|integrationtest)\b)/i.test(line);
    return [...line.matchAll(percents), ...line.matchAll(ivy)].flatMap(({ groups }) =>
      groups === undefined ? [] : [maven(`${groups.group}:${groups.artifact}`, isDevelopment, number)],
    );
  });
}

const vector = /[[{(\s](?<name>[A-Za-z][\w.-]{0,200}(\/[\w.-]{1,200})?)\s{1,9}["{]/g;

/** `[clj-test-containers "0.7.4"]`, `clj-test-containers/clj-test-containers {:mvn/version "0.7.4"}`. */
export function ofClojure(file: ClaimedFile): DeclaredDependency[] {
  return linesOf(file, /^\s*;/).flatMap(({ line, number }) =>
    [...` ${line}`.matchAll(vector)].flatMap(({ groups }) => {
      const [group = '', artifact = group] = groups?.name?.split('/') ?? [];
      return [maven(`${group}:${artifact}`, false, number)];
    }),
  );
}
