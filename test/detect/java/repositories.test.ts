/** Repositories, and what their plans must say. From the documentation of Maven, Gradle and the JDK. */
import { describe, expect, test } from 'vitest';
import { expectPlan } from '../../support/expected.ts';
import { planOfFiles } from '../../support/repository.ts';

const wrapper = (version: string) => ({
  gradlew: '#!/bin/sh\n',
  'gradle/wrapper/gradle-wrapper.jar': 'jar',
  'gradle/wrapper/gradle-wrapper.properties': `distributionBase=GRADLE_USER_HOME\ndistributionUrl=https\\://services.gradle.org/distributions/gradle-${version}-bin.zip\n`,
});

const springPom = (properties: string, rest = '') => `<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.3.1</version>
  </parent>
  <groupId>com.example</groupId>
  <artifactId>shop</artifactId>
  <version>0.0.1-SNAPSHOT</version>
  <properties>${properties}</properties>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-web</artifactId>
    </dependency>
  </dependencies>
  ${rest}
</project>
`;

describe('maven', () => {
  test('a Spring Boot application says its version of Java in java.version', async () => {
    await expectPlan(
      {
        'pom.xml': springPom('<java.version>17</java.version>'),
        'src/main/resources/application.properties': 'server.port=5000\n',
      },
      {
        toolchains: { java: '17' },
        match: { java: 'compatible' },
        projects: {
          '.': {
            name: 'shop',
            languages: ['java'],
            frameworks: ['spring-boot'],
            commands: {
              build: 'mvn -B package -DskipTests',
              test: 'mvn -B test',
              start: 'java -jar target/shop-0.0.1-SNAPSHOT.jar',
              dev: 'mvn spring-boot:run',
            },
            ports: [5000],
          },
        },
        variables: ['JAVA_HOME'],
        without: ['version-contradiction', 'version-nearest'],
      },
    );
  });

  test('the wrapper runs Maven, whose version is then its own', async () => {
    await expectPlan(
      {
        'pom.xml': springPom('<java.version>21</java.version>'),
        mvnw: '#!/bin/sh\n',
        '.mvn/wrapper/maven-wrapper.properties':
          'distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.6/apache-maven-3.9.6-bin.zip\n',
      },
      {
        toolchains: { java: '21' },
        packageManagers: { maven: '3.9.6' },
        projects: {
          '.': {
            commands: { build: './mvnw -B package -DskipTests', dev: './mvnw spring-boot:run' },
            ports: [8080],
          },
        },
      },
    );
  });

  test('source and target 1.7: no JDK 7 is to be had, JDK 8 still compiles it', async () => {
    await expectPlan(
      {
        'pom.xml': `<project>
  <artifactId>old</artifactId><version>1.0</version>
  <build><plugins><plugin>
    <artifactId>maven-compiler-plugin</artifactId>
    <configuration><source>1.7</source><target>1.7</target></configuration>
  </plugin></plugins></build>
</project>`,
      },
      {
        toolchains: { java: '8' },
        projects: { '.': { name: 'old', commands: { build: 'mvn -B package -DskipTests' } } },
      },
    );
  });

  test('modules are projects of one tree; the highest release of them decides', async () => {
    await expectPlan(
      {
        'pom.xml': `<project><artifactId>parent</artifactId><packaging>pom</packaging><version>1</version>
  <properties><maven.compiler.release>11</maven.compiler.release></properties>
  <modules><module>core</module><module>services/api</module></modules></project>`,
        'core/pom.xml':
          '<project><parent><artifactId>parent</artifactId><version>1</version></parent><artifactId>core</artifactId></project>',
        'services/api/pom.xml': `<project><parent><artifactId>parent</artifactId><version>1</version><relativePath>../../pom.xml</relativePath></parent>
  <artifactId>api</artifactId><properties><maven.compiler.release>17</maven.compiler.release></properties></project>`,
      },
      {
        toolchains: { java: '17' },
        projects: {
          '.': { name: 'parent' },
          core: { name: 'core', commands: {} },
          'services/api': { name: 'api' },
        },
      },
    );
  });

  test('a property stands for the version, here in the parent', async () => {
    await expectPlan(
      {
        'pom.xml': `<project><artifactId>p</artifactId><version>1</version><packaging>pom</packaging>
  <properties><jdk>11</jdk><maven.compiler.source>\${jdk}</maven.compiler.source><maven.compiler.target>\${jdk}</maven.compiler.target></properties>
  <modules><module>a</module></modules></project>`,
        'a/pom.xml':
          '<project><parent><artifactId>p</artifactId><version>1</version></parent><artifactId>a</artifactId></project>',
      },
      { toolchains: { java: '11' }, projects: { '.': {}, a: {} } },
    );
  });

  test("the enforcer's range bounds the JDK", async () => {
    await expectPlan(
      {
        'pom.xml': `<project><artifactId>p</artifactId><version>1</version>
  <properties><maven.compiler.release>8</maven.compiler.release></properties>
  <build><plugins><plugin><artifactId>maven-enforcer-plugin</artifactId><executions><execution><configuration><rules>
    <requireJavaVersion><version>[17,22)</version></requireJavaVersion>
  </rules></configuration></execution></executions></plugin></plugins></build></project>`,
      },
      { toolchains: { java: '21' }, without: ['version-contradiction'] },
    );
  });

  test('a pom.xml that is none is told', async () => {
    await expectPlan(
      { 'pom.xml': '<project><artifactId>x</artifactId>' },
      { toolchains: { java: '21' }, findings: ['unreadable-manifest'] },
    );
  });
});

describe('gradle', () => {
  test('a wrapper bounds the JDK that runs it', async () => {
    await expectPlan(
      { 'build.gradle': '', 'settings.gradle': '', ...wrapper('6.7.1') },
      {
        toolchains: { java: '11' },
        packageManagers: { gradle: '6.7.1' },
        projects: {
          '.': {
            languages: ['java'],
            commands: { build: './gradlew build -x test', test: './gradlew test' },
          },
        },
      },
    );
  });

  test('a toolchain of a Spring Boot application', async () => {
    await expectPlan(
      {
        'settings.gradle.kts': 'rootProject.name = "shop"\n',
        'build.gradle.kts': `plugins {
    java // language
    id("org.springframework.boot") version "3.3.1"
}
group = "com.example"
version = "1.2.0"
java {
    toolchain { languageVersion = JavaLanguageVersion.of(21) }
}
dependencies {
    implementation("org.springframework.boot:spring-boot-starter-web")
    implementation("org.springframework.boot:spring-boot-starter-data-redis")
    runtimeOnly("org.postgresql:postgresql")
}
`,
        'src/main/resources/application.yml':
          'spring:\n  datasource:\n    url: jdbc:postgresql://localhost:5432/shop\n  data:\n    redis:\n      host: localhost\n',
        ...wrapper('8.8'),
      },
      {
        toolchains: { java: '21' },
        packageManagers: { gradle: '8.8' },
        projects: {
          '.': {
            name: 'shop',
            frameworks: ['spring-boot'],
            commands: {
              build: './gradlew build -x test',
              start: 'java -jar build/libs/shop-1.2.0.jar',
              dev: './gradlew bootRun',
            },
            ports: [8080],
          },
        },
        services: ['postgresql', 'redis'],
        variables: ['JAVA_HOME', 'GRADLE_OPTS'],
      },
    );
  });

  test('modules whose plug-ins cannot be read are not started', async () => {
    const plan = await planOfFiles({
      'settings.gradle': "include 'guava', 'slf4j'\n",
      'build.gradle': 'subprojects { apply plugin: moduleKind(it) }\n',
      'guava/build.gradle': 'dependencies { compile "com.google.guava:guava:$guava" }\n',
      'slf4j/build.gradle': 'dependencies { compile "org.slf4j:slf4j-api:$slf4j" }\n',
      ...wrapper('8.8'),
    });
    expect(plan.projects.map(({ path, commands }) => [path, commands.build, commands.start])).toEqual([
      ['.', './gradlew build -x test', null],
      ['guava', '../gradlew build -x test', null],
      ['slf4j', '../gradlew build -x test', null],
    ]);
  });

  test('sourceCompatibility 1.8 with Gradle 9: compiled by what Gradle runs on', async () => {
    await expectPlan(
      { 'build.gradle': "plugins { id 'java' }\nsourceCompatibility = 1.8\n", ...wrapper('9.1.0') },
      { toolchains: { java: '21' }, without: ['version-contradiction'] },
    );
  });

  test('a toolchain that Gradle cannot run on: Gradle gets a JDK of its own', async () => {
    const plan = await expectPlan(
      {
        'build.gradle':
          "plugins { id 'java' }\njava.toolchain.languageVersion.set(JavaLanguageVersion.of(11))\n",
        ...wrapper('9.1.0'),
      },
      { toolchains: { java: '11' }, packages: ['jdk21'], variables: ['GRADLE_OPTS'] },
    );
    const options = plan.environments[0]?.variables.find(({ name }) => name === 'GRADLE_OPTS');
    expect(JSON.stringify(options)).toMatch(/org\.gradle\.java\.home=.*jdk21/);
  });

  test('a multi-project build in Kotlin; versions from a convention plug-in', async () => {
    await expectPlan(
      {
        'settings.gradle.kts':
          'rootProject.name = "platform"\ninclude("app", ":libs:core")\n/* include("old") */\n// include("older")\n',
        'app/build.gradle.kts': 'plugins { id("buildlogic.kotlin-application") }\n',
        'libs/core/build.gradle.kts': 'plugins { id("buildlogic.kotlin-library") }\n',
        'buildSrc/build.gradle.kts': 'plugins { `kotlin-dsl` }\n',
        'buildSrc/src/main/kotlin/buildlogic.kotlin-common.gradle.kts':
          'plugins { id("org.jetbrains.kotlin.jvm") }\nkotlin { jvmToolchain(17) }\n',
        'buildSrc/src/main/kotlin/buildlogic.kotlin-application.gradle.kts':
          'plugins { id("buildlogic.kotlin-common"); application }\n',
        ...wrapper('8.5'),
      },
      {
        toolchains: { java: '17' },
        projects: {
          '.': { name: 'platform', languages: ['kotlin', 'java'] },
          app: { name: 'app' },
          'libs/core': { name: 'core' },
        },
      },
    );
  });

  test('Ktor: Kotlin and a port', async () => {
    await expectPlan(
      {
        'build.gradle.kts': `plugins {
    kotlin("jvm") version "2.0.0"
    id("io.ktor.plugin") version "2.3.12"
}
application { mainClass.set("com.example.ApplicationKt") }
kotlin { jvmToolchain(17) }
`,
        'src/main/resources/application.conf': 'ktor { deployment { port = 8085 } }\n',
        ...wrapper('8.4'),
      },
      {
        toolchains: { java: '17' },
        projects: {
          '.': {
            languages: ['kotlin', 'java'],
            frameworks: ['ktor'],
            commands: { start: './gradlew run', dev: './gradlew run' },
          },
        },
      },
    );
  });

  test('what holds projects together is not started, and Kotlin goes by its old names too', async () => {
    await expectPlan(
      {
        'settings.gradle': "include ':core'\n",
        'build.gradle': 'allprojects { repositories { mavenCentral() } }\n',
        'core/build.gradle': "apply plugin: 'kotlin-multiplatform'\n",
        'core/src/commonMain/Core.txt': '',
        ...wrapper('8.7'),
      },
      {
        toolchains: { java: '21' },
        projects: {
          '.': { languages: ['kotlin', 'java'], commands: { build: './gradlew build -x test', start: null } },
          core: { languages: ['kotlin', 'java'] },
        },
      },
    );
  });

  test('Android is told, not built', async () => {
    await expectPlan(
      {
        'settings.gradle': "include ':app'\n",
        'build.gradle': "plugins { id 'com.android.application' version '8.5.0' apply false }\n",
        'app/build.gradle':
          "plugins { id 'com.android.application' }\nandroid { compileSdk 34\n compileOptions { sourceCompatibility JavaVersion.VERSION_17 } }\n",
        ...wrapper('8.7'),
      },
      { toolchains: { java: '17' }, findings: ['android-sdk'] },
    );
  });

  test('a version that is computed is told', async () => {
    await expectPlan(
      {
        'build.gradle':
          "plugins { id 'java' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(findProperty('jdk') as int) } }\n",
        ...wrapper('8.7'),
      },
      { toolchains: { java: '21' }, findings: ['java-version-computed'] },
    );
  });

  test('without a wrapper that can run: the gradle of nixpkgs', async () => {
    await expectPlan(
      { 'build.gradle': "plugins { id 'application' }\n", gradlew: '#!/bin/sh\n' },
      {
        toolchains: { java: '21' },
        packageManagers: { gradle: '8.14.4' },
        projects: { '.': { commands: { build: 'gradle build -x test', start: 'gradle run' } } },
      },
    );
  });
});

describe('version files', () => {
  const pom =
    '<project><artifactId>a</artifactId><version>1</version><properties><maven.compiler.release>11</maven.compiler.release></properties></project>';
  test.each([
    ['.java-version', '17\n', '17'],
    ['.java-version', '1.8\n', '8'],
    ['.java-version', 'temurin64-11.0.21\n', '11'],
    ['.sdkmanrc', '# x\njava=21.0.3-tem\n', '21'],
    ['.tool-versions', 'java temurin-21.0.3+9.0.LTS\n', '21'],
    ['.tool-versions', 'java adoptopenjdk-8.0.392+8\n', '8'],
    ['mise.toml', '[tools]\njava = "corretto-17"\n', '17'],
    ['system.properties', 'java.runtime.version=17\n', '17'],
    ['system.properties', 'java.runtime.version=1.8\n', '8'],
    ['jitpack.yml', 'jdk:\n  - openjdk17\n', '17'],
    ['.jdk-version', '17', '17'],
  ])('%s %j', async (name, text, line) => {
    await expectPlan({ 'pom.xml': pom, [name]: text }, { toolchains: { java: line } });
  });

  test('a pin beats the release; a line that nixpkgs does not have is told', async () => {
    await expectPlan(
      { 'pom.xml': pom, '.java-version': '14\n' },
      { toolchains: { java: '17' }, match: { java: 'nearest' }, findings: ['version-nearest'] },
    );
  });
});

describe('neither Maven nor Gradle', () => {
  test('sources alone', async () => {
    await expectPlan(
      { 'Main.java': 'public class Main {}\n' },
      {
        toolchains: { java: '21' },
        projects: {
          '.': {
            languages: ['java'],
            commands: { build: 'javac -d out Main.java', start: 'java -cp out Main' },
          },
        },
      },
    );
  });

  test('a stray source beside a package.json adds nothing', async () => {
    await expectPlan({ 'package.json': '{"name":"x"}', 'Main.java': '' }, { toolchains: { node: '24' } });
  });
});
