/** php.net/manual/en/install.pecl.phpize.php; pear.php.net/manual/en/guide.developers.package2.php */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const header =
  '<?xml version="1.0"?>\n<package packagerversion="1.9.4" version="2.0" xmlns="http://pear.php.net/dtd/package-2.0">\n';

describe('an extension of PHP', () => {
  const files = {
    'config.m4':
      'PHP_ARG_ENABLE(counter, whether to enable it)\nPKG_CHECK_MODULES([ZIP], [libzip])\nif test "$PHP_COUNTER" != "no"; then\n  PHP_NEW_EXTENSION(counter, counter.c, $ext_shared)\nfi\n',
    'counter.c': '#include "php.h"\n',
    'counter.php': '<?php echo 1;\n',
    'tests/001.phpt': '--TEST--\n',
  };

  it('is built by phpize, with the headers of the PHP that it is for', async () => {
    const found = await understood({
      ...files,
      'package.xml': `${header}<name>counter</name><dependencies><required><php><min>8.0.0</min><max>8.2.99</max></php></required></dependencies></package>`,
    });
    expect(found).toMatchObject({
      toolchains: ['php-8.2 assumed'],
      languages: ['php', 'c'],
      compiler: 'default',
      root: { build: 'phpize && ./configure && make', test: 'NO_INTERACTION=1 make test' },
    });
    expect(found.plan.projects[0]?.name).toBe('counter');
    expect(found.plan.libraries.map(({ attribute }) => attribute)).toEqual(['libzip']);
    expect(found.plan.tools.map(({ attribute }) => attribute)).toEqual(
      expect.arrayContaining(['autoconf', 'gnumake', 'php82.unwrapped.dev']),
    );
  });

  it('is not one of those in the sources of PHP, nor any other macros', async () => {
    const within = { 'configure.ac': 'AC_INIT([php])\n', 'ext/counter/config.m4': files['config.m4'] };
    expect((await understood(within)).languages).not.toContain('php');
    expect((await understood({ 'config.m4': 'AC_DEFUN([X])\n', 'a.c': '' })).languages).not.toContain('php');
  });

  it('may have Composer for its tests', async () => {
    const found = await understood({
      ...files,
      'composer.json':
        '{"name":"a/counter","require":{"php":">=8.1"},"require-dev":{"phpunit/phpunit":"^10"}}',
    });
    expect(found.root).toMatchObject({
      install: 'composer install --no-interaction',
      build: 'phpize && ./configure && make',
    });
  });
});

describe('a package.xml', () => {
  it('of PEAR says which PHP, with which extensions', async () => {
    const found = await understood({
      'package.xml': `${header}<name>Image_Text</name><dependencies><required><php><min>8.1.0</min></php><extension><name>imagick</name></extension></required></dependencies><phprelease/></package>`,
      'Image/Text.php': '<?php\n',
    });
    expect(found).toMatchObject({ languages: ['php'], root: {}, toolchains: ['php-8.4 compatible'] });
    expect(found.plan.toolchains[0]?.extensions?.map(({ name }) => name)).toEqual(['imagick']);
    expect(found.plan.projects[0]?.name).toBe('Image_Text');
  });

  it('of ROS says nothing of PHP', async () => {
    const found = await understood({
      'package.xml':
        '<?xml version="1.0"?>\n<package format="2">\n<name>arm</name><buildtool_depend>catkin</buildtool_depend></package>\n',
      'CMakeLists.txt': 'project(arm)\nadd_executable(arm main.cpp)\n',
      'main.cpp': '',
    });
    expect(found.languages).toEqual(['cpp']);
  });
});
