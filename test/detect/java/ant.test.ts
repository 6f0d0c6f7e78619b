/** ant.apache.org/manual: javac, import, ant, property. */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const project = (...elements: string[]) =>
  `<project name="shop" default="jar">\n${elements.join('\n')}\n</project>\n`;
const source = { 'src/shop/Main.java': 'package shop;\n' };

describe('Ant', () => {
  it('compiles for the release that a property names', async () => {
    const found = await understood({
      'build.xml': project(
        '<property name="javac.target" value="1.7"/>',
        '<target name="test"><javac srcdir="src" source="1.5" target="${javac.target}"/></target>',
      ),
      ...source,
    });
    expect(found).toMatchObject({ languages: ['java'], root: { build: 'ant', test: 'ant test' } });
    expect(found.toolchains[0]).toMatch(/^java-8 /);
  });

  it('is what imports, calls or defines the task that compiles, beside sources of Java', async () => {
    const imports = await understood({
      'build.xml': project('<import file="common_build.xml"/>'),
      'common_build.xml': project(
        '<property name="level" value="11"/>',
        '<target name="compile"><javac srcdir="src" target="${level}"/></target>',
      ),
      ...source,
    });
    expect(imports).toMatchObject({ projects: ['.'], root: { build: 'ant' } });
    expect(imports.toolchains[0]).toMatch(/^java-11 /);
    const calls = await understood({
      'build.xml': project('<target name="jar"><ant antfile="make.xml"/></target>'),
      ...source,
    });
    expect(calls.root).toEqual({ build: 'ant' });
    const defines = await understood({
      'build.xml': project('<target name="jar"><xjavac srcdir="src" target="17"/></target>'),
      ...source,
    });
    expect(defines.toolchains[0]).toMatch(/^java-17 /);
  });

  it('is not what has no sources of Java, as with Phing, or only runs programs', async () => {
    const found = await understood({
      'build.xml': project('<target name="test"><exec executable="phpunit"/></target>'),
      'composer.json': '{"name":"a/b"}',
    });
    expect(found.languages).toEqual(['php']);
    const android = {
      'build.xml': project('<import file="${sdk.dir}/tools/ant/build.xml"/>'),
      'AndroidManifest.xml': '',
    };
    expect((await understood({ ...android, ...source })).tools).not.toContain('ant');
    const other = await understood({ 'build.xml': '<recipe><target/></recipe>\n', ...source });
    expect(other.tools).not.toContain('ant');
  });

  it('is one project where a build calls those of the folders below', async () => {
    const found = await understood({
      'build.xml': project('<target name="jar"><subant><fileset includes="*/build.xml"/></subant></target>'),
      'core/build.xml': project('<import file="../common.xml"/>'),
      'core/src/Core.java': '',
    });
    expect(found.projects).toEqual(['.']);
  });
});
