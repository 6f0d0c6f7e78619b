/** PHP repositories as texts, and what their plan has to say: from the documentation of Composer, Laravel and Symfony. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/index.ts';
import type { Plan } from '../../../src/plan/schema.ts';
import { render } from '../../../src/render/render.ts';
import { folderWith } from '../../support/folder.ts';

const json = (value: object) => JSON.stringify(value, null, 2);
const locked = (packages: object[], more: object = {}) =>
  json({ 'content-hash': 'abc', packages, 'packages-dev': [], platform: {}, ...more });

const planned = async (files: Record<string, string>): Promise<Plan> => analyze(folderWith(files));
const php = (plan: Plan) => plan.toolchains.find(({ id }) => id === 'php');
const extensions = (plan: Plan) => (php(plan)?.extensions ?? []).map(({ name }) => name);
const codes = (plan: Plan) => plan.findings.map(({ code }) => code);
const root = (plan: Plan) => plan.projects.find(({ path }) => path === '.');

describe('a Laravel application with Vite', () => {
  const files = {
    'composer.json': json({
      name: 'laravel/laravel',
      require: { php: '^8.2', 'laravel/framework': '^12.0', 'ext-redis': '*' },
      'require-dev': { 'phpunit/phpunit': '^11.5', 'laravel/pint': '^1.13' },
      scripts: { dev: ['npx concurrently "php artisan serve" "npm run dev"'] },
    }),
    'composer.lock': locked([
      { name: 'laravel/framework', version: 'v12.1.0', require: { php: '^8.2', 'ext-mbstring': '*' } },
    ]),
    artisan: '',
    'public/index.php': '',
    '.env.example': 'APP_NAME=Laravel\nDB_CONNECTION=mysql\n',
    'package.json': json({
      private: true,
      scripts: { build: 'vite build', dev: 'vite' },
      devDependencies: { vite: '^6' },
    }),
    'package-lock.json': json({ lockfileVersion: 3, packages: {} }),
  };

  test('is installed by both, built by Vite, and served by artisan', async () => {
    const plan = await planned(files);
    expect(php(plan)).toMatchObject({ key: 'php-8.4', requested: '^8.2', match: 'compatible' });
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['php', 'node']);
    expect(plan.packageManagers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'composer', lockfile: 'composer.lock', bundledWith: 'php-8.4' }),
      ]),
    );
    expect(root(plan)).toMatchObject({
      languages: ['php', 'node'],
      frameworks: expect.arrayContaining(['laravel']),
      packageManager: 'composer',
      commands: {
        install: 'composer install --no-interaction && npm ci',
        build: 'npm run build',
        test: 'php artisan test',
        start: 'php artisan serve',
        dev: 'composer run-script dev',
        lint: 'vendor/bin/pint --test',
      },
    });
    expect(root(plan)?.ports).toContain(8000);
    expect(plan.services.map(({ id }) => id)).toEqual(['mysql']);
    expect(extensions(plan)).toEqual(['redis']);
  });

  test('gets its composer from the same php, with the same extensions', async () => {
    const shell = (await render(await planned(files))).find(({ path }) => path === 'shell.nix')?.text ?? '';
    expect(shell).toContain('php = pkgs.php84.withExtensions ({ enabled, all }: enabled ++ [ all.redis ]);');
    expect(shell).toMatch(/^ +php #/m);
    expect(shell).toMatch(/^ +php\.packages\.composer( |$)/m);
    expect(shell).not.toContain('pkgs.php84.packages');
  });
});

describe('a Symfony application', () => {
  test('is served by PHP itself, and tested by PHPUnit', async () => {
    const plan = await planned({
      'composer.json': json({
        type: 'project',
        require: { php: '>=8.2', 'ext-ctype': '*', 'ext-iconv': '*', 'symfony/framework-bundle': '7.2.*' },
        'require-dev': { 'phpunit/phpunit': '^9.5' },
        config: { 'bin-dir': 'bin' },
      }),
      'composer.lock': locked([]),
      'symfony.lock': '{}',
      'bin/console': '',
      'public/index.php': '',
    });
    expect(extensions(plan)).toEqual([]);
    expect(root(plan)).toMatchObject({
      frameworks: ['symfony'],
      ports: [8000],
      commands: { start: 'php -S 0.0.0.0:8000 -t public', test: 'bin/phpunit' },
    });
  });
});

describe('a library', () => {
  test('has no program, and is tested by its own script', async () => {
    const plan = await planned({
      'composer.json': json({
        name: 'acme/money',
        type: 'library',
        require: { php: '^7.4 || ^8.0', 'ext-bcmath': '*', 'ext-gmp': '*' },
        scripts: { test: 'phpunit', phpstan: 'phpstan analyse' },
      }),
      'src/Money.php': '',
    });
    expect(php(plan)).toMatchObject({ key: 'php-8.4', match: 'compatible' });
    expect(root(plan)).toMatchObject({
      name: 'money',
      ports: [],
      commands: {
        install: 'composer install --no-interaction',
        test: 'composer run-script test',
        lint: 'composer run-script phpstan',
        start: null,
      },
    });
  });
});

describe('the version', () => {
  const composer = (require: object, more: object = {}) => json({ require, ...more });
  const cases: [string, Record<string, string>, { key: string; requested: string | null }][] = [
    [
      'of composer.json',
      { 'composer.json': composer({ php: '~8.2.0' }) },
      { key: 'php-8.2', requested: '~8.2.0' },
    ],
    [
      'of .php-version before that',
      { 'composer.json': composer({ php: '^8.1' }), '.php-version': '8.3\n' },
      { key: 'php-8.3', requested: '8.3' },
    ],
    [
      'of .tool-versions',
      { 'composer.json': composer({ php: '^8.1' }), '.tool-versions': 'php 8.3.12\n' },
      { key: 'php-8.3', requested: '8.3.12' },
    ],
    [
      'of mise.toml',
      { 'composer.json': composer({}), 'mise.toml': '[tools]\nphp = "8.2"\n' },
      { key: 'php-8.2', requested: '8.2' },
    ],
    [
      'that Composer resolves for, as a line',
      { 'composer.json': composer({ php: '^8.0' }, { config: { platform: { php: '8.2.7' } } }) },
      { key: 'php-8.2', requested: '8.2' },
    ],
    [
      'that locked packages can run on',
      {
        'composer.json': composer({ php: '^8.1' }),
        'composer.lock': locked([
          { name: 'a/old', require: { php: '~8.1.0 || ~8.2.0 || ~8.3.0' } },
          { name: 'b/new', require: { php: '>=8.2' } },
        ]),
      },
      { key: 'php-8.3', requested: '>=8.2 <8.4' },
    ],
    [
      'that locked packages can run on, where the project does not say',
      {
        'composer.json': composer({ 'a/b': '*' }),
        'composer.lock': locked([{ name: 'a/b', require: { php: '<8.3' } }]),
      },
      { key: 'php-8.2', requested: '>=5.0 <6 || >=7.0 <8 || >=8.0 <8.3' },
    ],
    [
      'of an old line',
      { 'composer.json': composer({ php: '8.0.*' }) },
      { key: 'php-8.0', requested: '8.0.*' },
    ],
    ['of nobody', { 'composer.json': composer({}) }, { key: 'php-8.4', requested: null }],
  ];

  test.each(cases)('%s', async (_, files, expected) => {
    expect(php(await planned(files))).toMatchObject(expected);
  });

  test('of a line at its end comes with extensions from the channel that has it', async () => {
    const plan = await planned({ 'composer.json': composer({ php: '^7.1', 'ext-redis': '*' }) });
    expect(php(plan)).toMatchObject({
      key: 'php-7.4',
      status: 'end-of-life',
      input: 'nixpkgs-21_11',
      extensions: [{ name: 'redis' }],
    });
    expect(codes(plan)).not.toContain('php-removed');
  });

  test('that is too old for nixpkgs, exact, or no constraint at all, is said', async () => {
    const old = await planned({ 'composer.json': composer({ php: '~7.2.0' }) });
    expect(codes(old)).toEqual(expect.arrayContaining(['version-nearest', 'php-removed']));
    expect(codes(await planned({ 'composer.json': composer({ php: '8.3' }) }))).toContain(
      'composer-php-exact',
    );
    expect(codes(await planned({ 'composer.json': composer({ php: 'new' }) }))).toContain(
      'version-not-understood',
    );
    expect(codes(await planned({ 'composer.json': composer({ php: '^8.1' }) }))).toEqual([]);
  });
});

describe('extensions', () => {
  test('are those of the project and of its locked packages, without what PHP has', async () => {
    const plan = await planned({
      'composer.json': json({
        require: { 'ext-imagick': '*', 'ext-PDO': '*', 'ext-zend-opcache': '*' },
        'require-dev': { 'ext-xdebug': '*' },
      }),
      'composer.lock': locked(
        [
          { name: 'mongodb/mongodb', require: { 'ext-mongodb': '^1.21', 'ext-json': '*' } },
          { name: 'ramsey/uuid', require: { 'ext-json': '*' } },
          { name: 'symfony/polyfill-uuid', provide: { 'ext-uuid': '*' }, require: {} },
          { name: 'x/y', require: { 'ext-uuid': '*' } },
        ],
        { 'packages-dev': [{ name: 'd/e', require: { 'ext-pcov': '*' } }] },
      ),
    });
    expect(extensions(plan)).toEqual(['imagick', 'mongodb', 'pcov', 'xdebug']);
    expect(php(plan)?.extensions?.[1]).toMatchObject({
      name: 'mongodb',
      because: [{ file: 'composer.lock', rule: 'php/extension' }],
    });
  });

  test('that nixpkgs does not have are said, those that are not free are permitted', async () => {
    const plan = await planned({
      'composer.json': json({ require: { 'ext-nonesuch': '*', 'ext-sqlsrv': '*' } }),
    });
    expect(plan.findings.find(({ code }) => code === 'extension-missing')).toMatchObject({
      severity: 'warning',
      because: [{ file: 'composer.json', line: 3 }],
    });
    expect(plan.nixpkgs[0]?.permit.unfree).toContain('php-sqlsrv');
  });

  test('cannot break out of the generated Nix', async () => {
    const name = 'ext-a${builtins.exit}" ]); evil = ([ "';
    const plan = await planned({ 'composer.json': json({ require: { [name]: '*', 'ext-__proto__': '*' } }) });
    expect(extensions(plan)).toEqual([]);
    const texts = (await render(plan)).map(({ text }) => text).join('');
    expect(texts).not.toContain('evil');
  });
});

describe('several projects', () => {
  test('are those with a composer.json; vendored packages and examples are none', async () => {
    const plan = await planned({
      'api/composer.json': json({ require: { php: '^8.2', 'slim/slim': '4.*' } }),
      'api/public/index.php': '',
      'api/vendor/slim/slim/composer.json': json({ require: { php: '^7.4' } }),
      'shop/composer.json': json({ require: { php: '^8.3', 'ext-redis': '*' } }),
      'examples/old/composer.json': json({ require: { php: '^7.0' } }),
    });
    expect(plan.projects.map(({ path, frameworks }) => [path, frameworks])).toEqual([
      ['api', ['slim']],
      ['shop', []],
    ]);
    expect(plan.toolchains.map(({ key }) => key)).toEqual(['php-8.4']);
    expect(extensions(plan)).toEqual(['redis']);
  });
});

describe('repositories without Composer', () => {
  test('a page in what is a library by its own word is not served', async () => {
    const plan = await planned({
      'composer.json': json({ name: 'a/fonts', type: 'library' }),
      'index.php': '<?php',
    });
    expect(root(plan)?.commands.start).toBeNull();
  });

  test('are served as they are', async () => {
    const plan = await planned({ 'index.php': '<?php phpinfo();', 'stuff/index.php': '' });
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['php']);
    expect(root(plan)?.commands.start).toBe('php -S 0.0.0.0:8000');
    expect(root(await planned({ 'my_app/index.php': '', 'README.md': '' }))?.commands.start).toBe(
      'php -S 0.0.0.0:8000 -t my_app',
    );
  });

  test('are WordPress where its files say so', async () => {
    const plan = await planned({
      'wp-config-sample.php': '',
      'index.php': '',
      'wp-includes/composer.json': '{}',
    });
    expect(root(plan)).toMatchObject({
      frameworks: ['wordpress'],
      commands: { start: 'php -S 0.0.0.0:8000' },
    });
    expect(plan.services.map(({ id }) => id)).toEqual(['mysql']);
  });

  test('are no PHP because of a stray file', async () => {
    const plan = await planned({ 'package.json': json({ name: 'a' }), 'index.php': '' });
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['node']);
  });
});

test('a broken composer.json is an error that names it', async () => {
  const plan = await planned({ 'composer.json': '{ "require": { "php": ' });
  expect(plan.findings).toContainEqual(
    expect.objectContaining({ code: 'unreadable-manifest', severity: 'error' }),
  );
});

test('odd shapes do not throw', async () => {
  for (const value of [
    [],
    1,
    { require: [] },
    { require: { php: 8 } },
    { config: { platform: [] }, scripts: 3 },
  ]) {
    await expect(
      planned({
        'composer.json': json(value as object),
        'composer.lock': '{"packages":[null,3,{"require":7}]}',
      }),
    ).resolves.toBeDefined();
  }
});
