// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are Nix's
import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { shellNix } from '../../src/render/shell-nix.ts';
import { folderWith } from '../support/folder.ts';

test('sbt runs on the JDK of the plan, and JAVA_HOME is its home', async () => {
  const plan = await analyze(
    folderWith({ 'build.sbt': 'name := "x"\n', 'project/build.properties': 'sbt.version=1.6.2\n' }),
  );
  const text = shellNix(plan);
  expect(text).toContain('withJava pkgs.jdk17 "sbt" pkgs.sbt');
  expect(text).toContain('JAVA_HOME = "${pkgs.jdk17.home}";');
  expect(text).not.toContain('withNode =');
});
