/** Ruby repositories as texts, and what their plan has to say: from the documentation of Bundler, Rails and RubyGems. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/index.ts';
import type { Plan } from '../../../src/plan/schema.ts';
import { folderWith } from '../../support/folder.ts';

const lock = (specs: readonly string[], more = '', platforms: readonly string[] = ['ruby', 'x86_64-linux']) =>
  [
    'GEM',
    '  remote: https://rubygems.org/',
    '  specs:',
    ...specs.map((spec) => `    ${spec}`),
    '',
    'PLATFORMS',
    ...platforms.map((platform) => `  ${platform}`),
    '',
    'DEPENDENCIES',
    ...specs.map((spec) => `  ${spec.split(' ')[0]}`),
    '',
    more,
    'BUNDLED WITH',
    '   2.6.2',
    '',
  ].join('\n');

const planned = async (files: Record<string, string>): Promise<Plan> => analyze(folderWith(files));
const ruby = (plan: Plan) => plan.toolchains.find(({ id }) => id === 'ruby');
const codes = (plan: Plan) => plan.findings.map(({ code }) => code);
const root = (plan: Plan) => plan.projects.find(({ path }) => path === '.');
const links = (plan: Plan) => plan.libraries.filter(({ use }) => use === 'link').map(({ key }) => key);

describe('a Rails application', () => {
  const files = {
    Gemfile: [
      "source 'https://rubygems.org'",
      'ruby "~> 3.4.0"',
      '',
      'gem "rails", "~> 8.0.2"',
      'gem "propshaft"',
      'gem "pg", "~> 1.1"',
      'gem "puma", ">= 5.0"',
      'gem "redis", ">= 4.0.1" # for Action Cable',
      'group :development, :test do',
      '  gem "debug", platforms: %i[ mri windows ], require: "debug/prelude"',
      '  gem "rubocop-rails-omakase", require: false',
      'end',
      '',
    ].join('\n'),
    'Gemfile.lock': lock([
      'rails (8.0.2)',
      'propshaft (1.1.0)',
      'pg (1.5.9)',
      'puma (6.6.0)',
      'redis (5.4.0)',
      'debug (1.10.0)',
      'rubocop-rails-omakase (1.1.0)',
      'nokogiri (1.18.8)',
      'nokogiri (1.18.8-x86_64-linux-gnu)',
      'tzinfo (2.0.6)',
    ]),
    '.ruby-version': 'ruby-3.4.4\n',
    'config.ru': '',
    'bin/rails': '',
    'bin/dev': '',
    'config/application.rb': '',
    'config/database.yml':
      'default: &default\n  adapter: postgresql\n  encoding: unicode\ndevelopment:\n  <<: *default\n  database: shop_development\n',
  };

  test('is installed as locked, with what its gems compile against', async () => {
    const plan = await planned(files);
    expect(ruby(plan)).toMatchObject({ attribute: 'ruby_3_4', input: 'nixpkgs', requested: '3.4.4' });
    expect(plan.packageManagers).toMatchObject([
      { id: 'bundler', lockfile: 'Gemfile.lock', bundledWith: 'ruby-3.4', requested: '2.6.2' },
    ]);
    expect(root(plan)).toMatchObject({
      languages: ['ruby'],
      frameworks: ['rails'],
      packageManager: 'bundler',
      ports: [3000],
      commands: {
        install: 'BUNDLE_FROZEN=true bundle install',
        build: 'bin/rails assets:precompile',
        test: 'bin/rails test',
        start: 'bin/rails server',
        dev: 'bin/dev',
        lint: 'bundle exec rubocop',
      },
    });
    expect(links(plan)).toEqual(expect.arrayContaining(['libpq', 'openssl']));
    expect(links(plan)).not.toContain('libxml2');
    expect(plan.environments[0]?.compiler).toBe('default');
    expect(plan.environments[0]?.variables).toContainEqual(
      expect.objectContaining({ name: 'BUNDLE_PATH', value: ['.bundle'] }),
    );
    expect(plan.services.map(({ id }) => id)).toEqual(['postgresql']);
    expect(codes(plan)).not.toContain('version-contradiction');
  });
});

describe('a Sinatra application', () => {
  test('is started as its Procfile says', async () => {
    const plan = await planned({
      Gemfile: "source 'https://rubygems.org'\ngem 'sinatra'\ngem 'puma'\ngem 'rspec', group: :test\n",
      'Gemfile.lock': lock(['sinatra (4.1.1)', 'puma (6.6.0)', 'rspec (3.13.0)']),
      Procfile: 'release: bundle exec rake db:migrate\nweb: bundle exec puma -p ${PORT:-4567}\n',
      'app.rb': '',
      'config.ru': '',
    });
    expect(ruby(plan)).toMatchObject({ key: 'ruby-3.4', requested: null, match: 'default' });
    expect(root(plan)).toMatchObject({
      frameworks: ['sinatra'],
      ports: [4567],
      commands: { start: 'bundle exec puma -p ${PORT:-4567}', test: 'bundle exec rspec', build: null },
    });
  });

  test('is started by its rack-up file without one, by its program without that', async () => {
    const Gemfile = "gem 'sinatra'\ngem 'rackup'\n";
    expect(root(await planned({ Gemfile, 'config.ru': '' }))).toMatchObject({
      commands: { start: 'bundle exec rackup' },
      ports: [9292],
    });
    expect(root(await planned({ Gemfile, 'app.rb': '' }))).toMatchObject({
      commands: { install: 'bundle install', start: 'bundle exec ruby app.rb' },
      ports: [4567],
    });
  });
});

describe('a gem', () => {
  const files = {
    'shop.gemspec': [
      '# frozen_string_literal: true',
      'require_relative "lib/shop/version"',
      'Gem::Specification.new do |spec|',
      '  spec.name = "shop"',
      '  spec.version = Shop::VERSION',
      '  spec.required_ruby_version = ">= 3.1.0", "< 3.4"',
      '  spec.add_dependency "mysql2", "~> 0.5"',
      'end',
      '',
    ].join('\n'),
    Gemfile: 'source "https://rubygems.org"\n\ngemspec\n\ngem "rake", "~> 13.0"\ngem "minitest"\n',
    Rakefile: [
      'require "bundler/gem_tasks"',
      'require "minitest/test_task"',
      '',
      'Minitest::TestTask.create',
      '',
      'task default: :test',
    ].join('\n'),
    'lib/shop.rb': '',
  };

  test('takes the newest ruby that its specification allows', async () => {
    const plan = await planned(files);
    expect(ruby(plan)).toMatchObject({ key: 'ruby-3.3', requested: '>= 3.1.0, < 3.4', match: 'compatible' });
    expect(root(plan)).toMatchObject({
      name: 'shop',
      commands: {
        install: 'bundle install',
        build: 'bundle exec rake build',
        test: 'bundle exec rake test',
        start: null,
      },
    });
    expect(links(plan)).toEqual(expect.arrayContaining(['libmysqlclient']));
  });

  test('is built by gem where there is no Gemfile, and Bundler installs what it depends on', async () => {
    const plan = await planned({
      'shop.gemspec': files['shop.gemspec'],
      'lib/shop.rb': '',
      Rakefile: 'require "rake/testtask"\nRake::TestTask.new\n',
      'test/shop_test.rb': '',
    });
    expect(root(plan)).toMatchObject({
      name: 'shop',
      packageManager: 'bundler',
      commands: {
        install:
          'mkdir -p .bundle && printf \'source "https://rubygems.org"\\ngemspec path: ".."\\n\' > .bundle/Gemfile && BUNDLE_GEMFILE=.bundle/Gemfile bundle install',
        build: 'gem build shop.gemspec',
        test: 'BUNDLE_GEMFILE=.bundle/Gemfile bundle exec rake test',
      },
    });
    const alone = await planned({ 'shop.gemspec': 'Gem::Specification.new { |s| s.name = "shop" }\n' });
    expect(root(alone)).toMatchObject({ commands: { install: null, build: 'gem build shop.gemspec' } });
    expect(alone.packageManagers).toEqual([]);
  });

  test('is tested as its Rakefile says where nothing is specified with the RSpec that is listed', async () => {
    const gem = {
      Gemfile: "source 'https://rubygems.org'\ngem 'rspec'\n",
      Rakefile: 'require "rake/testtask"\nRake::TestTask.new\n',
    };
    const tested = await planned({ ...gem, 'test/shop_test.rb': '' });
    expect(root(tested)?.commands.test).toBe('bundle exec rake test');
    const specified = await planned({ ...gem, 'test/shop_test.rb': '', 'spec/shop_spec.rb': '' });
    expect(root(specified)?.commands.test).toBe('bundle exec rspec');
  });
});

describe('the version', () => {
  const Gemfile = "source 'https://rubygems.org'\ngem 'rake'\n";
  const cases: [string, Record<string, string>, { key: string; requested: string | null }][] = [
    ['of the Gemfile', { Gemfile: `ruby '3.3.6'\n${Gemfile}` }, { key: 'ruby-3.3', requested: '3.3.6' }],
    [
      'of the Gemfile, with an engine that is MRI',
      { Gemfile: `ruby "3.3.6", engine: "ruby", engine_version: "3.3.6"\n${Gemfile}` },
      { key: 'ruby-3.3', requested: '3.3.6' },
    ],
    [
      'of the Gemfile, in several requirements',
      { Gemfile: `ruby ">= 3.1", "< 3.4"\n${Gemfile}` },
      { key: 'ruby-3.3', requested: '>= 3.1, < 3.4' },
    ],
    [
      'of the file that the Gemfile names',
      { Gemfile: `ruby file: ".ruby-version"\n${Gemfile}`, '.ruby-version': '3.3.5\n' },
      { key: 'ruby-3.3', requested: '3.3.5' },
    ],
    [
      'of the file that the Gemfile reads',
      { Gemfile: `ruby File.read('.ruby-version').strip\n${Gemfile}`, '.ruby-version': '3.3.5\n' },
      { key: 'ruby-3.3', requested: '3.3.5' },
    ],
    [
      'of .ruby-version',
      { Gemfile, '.ruby-version': 'ruby-3.3.5\n' },
      { key: 'ruby-3.3', requested: '3.3.5' },
    ],
    [
      'of .ruby-version above the project',
      { 'api/Gemfile': Gemfile, '.ruby-version': '3.3\n' },
      { key: 'ruby-3.3', requested: '3.3' },
    ],
    [
      'of .tool-versions',
      { Gemfile, '.tool-versions': 'nodejs 22.1.0\nruby 3.3.5\n' },
      { key: 'ruby-3.3', requested: '3.3.5' },
    ],
    [
      'of mise.toml',
      { Gemfile, 'mise.toml': '[tools]\nruby = "3.3"\n' },
      { key: 'ruby-3.3', requested: '3.3' },
    ],
    [
      'of the version manager, within what the Gemfile allows',
      { Gemfile: `ruby ">= 3.1"\n${Gemfile}`, '.ruby-version': '3.3.5\n' },
      { key: 'ruby-3.3', requested: '3.3.5' },
    ],
    [
      'of the Gemfile, where the version manager says otherwise: Bundler would refuse',
      { Gemfile: `ruby "4.0.2"\n${Gemfile}`, '.ruby-version': '3.1.2\n' },
      { key: 'ruby-4.0', requested: '4.0.2' },
    ],
    [
      'of the lock file, where the Gemfile computes it',
      {
        Gemfile: `ruby ENV.fetch("RUBY", nil)\n${Gemfile}`,
        'Gemfile.lock': lock(['rake (13.2.1)'], 'RUBY VERSION\n   ruby 3.3.4p94\n'),
      },
      { key: 'ruby-3.3', requested: '3.3.4' },
    ],
    ['of an old line', { Gemfile, '.ruby-version': '2.7.8\n' }, { key: 'ruby-2.7', requested: '2.7.8' }],
    ['of nobody', { Gemfile }, { key: 'ruby-3.4', requested: null }],
  ];

  test.each(cases)('%s', async (_, files, expected) => {
    expect(ruby(await planned(files))).toMatchObject(expected);
  });

  test('that Bundler will refuse is said', async () => {
    const plan = await planned({ Gemfile: `ruby "3.4.1"\n${Gemfile}` });
    const found = plan.findings.find(({ code }) => code === 'bundler-ruby-version');
    expect(found).toMatchObject({ severity: 'warning', because: [{ file: 'Gemfile', line: 1 }] });
    expect(codes(await planned({ Gemfile: `ruby "~> 3.4"\n${Gemfile}` }))).not.toContain(
      'bundler-ruby-version',
    );
    expect(codes(await planned({ Gemfile, '.ruby-version': '3.4.1' }))).not.toContain('bundler-ruby-version');
  });

  test('that is computed, and that is none of MRI, is said', async () => {
    const computed = await planned({ Gemfile: `ruby ENV["RUBY"] || "3.1"\n${Gemfile}` });
    expect(codes(computed)).toContain('version-not-understood');
    const engine = `ruby "3.1.4", engine: "jruby", engine_version: "9.4.10.0"\n${Gemfile}`;
    const jruby = await planned({ Gemfile: engine });
    expect(codes(jruby)).toContain('version-nearest');
    const older = await planned({ Gemfile, '.ruby-version': '2.4.1' });
    expect(codes(older)).toContain('version-nearest');
  });
});

describe('several projects', () => {
  test('are those that have a Gemfile; examples add nothing', async () => {
    const plan = await planned({
      Gemfile: 'gem "rails"\ngem "local", path: "engines/local"\n',
      'Gemfile.lock': `PATH\n  remote: engines/local\n  specs:\n    local (0.1.0)\n      rails\n\n${lock(['rails (8.0.2)'])}`,
      'engines/local/local.gemspec': 'Gem::Specification.new { |s| s.name = "local" }\n',
      'engines/local/Gemfile': 'gemspec\n',
      'services/mail/Gemfile': 'ruby "~> 3.3.0"\ngem "sinatra"\n',
      'examples/demo/Gemfile': 'ruby "2.7.1"\ngem "sinatra"\n',
    });
    expect(plan.projects.map(({ path }) => path)).toEqual(['.', 'engines/local', 'services/mail']);
    // One line serves both: only one of them asks.
    expect(plan.toolchains.map(({ key }) => key)).toEqual(['ruby-3.3']);
  });
});

describe('Ruby beside Node.js', () => {
  test('is installed with it, and is what starts', async () => {
    const plan = await planned({
      Gemfile: 'gem "rails"\ngem "jsbundling-rails"\n',
      'Gemfile.lock': lock(['rails (8.0.2)', 'jsbundling-rails (1.3.1)']),
      'bin/rails': '',
      'package.json':
        '{ "name": "shop", "scripts": { "build": "esbuild app" }, "dependencies": { "esbuild": "0.25.0" } }',
      'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
    });
    expect(root(plan)).toMatchObject({
      languages: ['ruby', 'node'],
      packageManager: 'bundler',
      commands: {
        install: 'BUNDLE_FROZEN=true bundle install && npm ci',
        build: 'bin/rails assets:precompile',
        start: 'bin/rails server',
      },
    });
  });

  test('stays in the background where it only brings tools', async () => {
    const plan = await planned({
      Gemfile: 'gem "cocoapods"\ngem "fastlane"\n',
      'package.json': '{ "name": "app", "scripts": { "start": "react-native start", "test": "jest" } }',
      'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
    });
    expect(root(plan)).toMatchObject({
      packageManager: 'npm',
      commands: { start: 'npm start', test: 'npm test' },
    });
  });

  test('is not there at all because of a stray file', async () => {
    const plan = await planned({
      'package.json': '{ "name": "app" }',
      'scripts/release.rb': 'puts 1\n',
      Rakefile: 'task :default\n',
    });
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['node']);
  });

  test('needs a JavaScript runtime for execjs', async () => {
    const plan = await planned({
      Gemfile: 'gem "execjs"\n',
      'Gemfile.lock': lock(['execjs (2.10.0)']),
      'app.rb': '',
    });
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['ruby', 'node']);
  });
});

describe('odd files', () => {
  test('a lock file without Linux is said', async () => {
    const plan = await planned({
      Gemfile: 'gem "nokogiri"\n',
      'Gemfile.lock': lock(['nokogiri (1.18.8-arm64-darwin)'], '', ['arm64-darwin-23']),
    });
    expect(codes(plan)).toContain('lock-platform-missing');
    expect(links(plan)).toEqual([]);
  });

  test('a lock file with conflict markers is said', async () => {
    const text = `<<<<<<< HEAD\n${lock(['rake (13.2.1)'])}=======\n${lock(['rake (13.2.0)'])}>>>>>>> main\n`;
    expect(codes(await planned({ Gemfile: 'gem "rake"\n', 'Gemfile.lock': text }))).toContain(
      'lock-conflict',
    );
  });

  test('a Gemfile that is a program is read as far as it can be', async () => {
    const plan = await planned({
      Gemfile: [
        '=begin',
        'ruby "2.0"',
        '=end',
        'git_source(:github) { |repo| "https://github.com/#{repo}.git" }',
        'ruby "3.3.6" if true',
        '# gem "mysql2"',
        'gem "pg", # the database',
        '    "~> 1.5"',
        'gem("sinatra")',
        'eval_gemfile "Gemfile.local"',
        '%w[rspec-core rspec-mocks].each { |lib| gem lib, github: "rspec/#{lib}" }',
      ].join('\n'),
    });
    expect(ruby(plan)).toMatchObject({ key: 'ruby-3.3' });
    expect(root(plan)?.frameworks).toEqual(['sinatra']);
    expect(links(plan)).toContain('libpq');
    expect(links(plan)).not.toContain('libmysqlclient');
    expect(codes(plan)).toContain('gemfile-computed');
  });

  test('a Jekyll site is built and served', async () => {
    const plan = await planned({
      'myblog/Gemfile': 'source "https://rubygems.org"\ngem "jekyll", "~> 4.3"\ngem "minima"\n',
      'myblog/Gemfile.lock': lock(['jekyll (4.3.3)', 'minima (2.5.1)']),
      'myblog/_config.yml': 'title: blog\n',
    });
    expect(plan.projects).toMatchObject([
      {
        path: 'myblog',
        frameworks: ['jekyll'],
        ports: [4000],
        commands: { build: 'bundle exec jekyll build', start: 'bundle exec jekyll serve' },
      },
    ]);
  });

  test('a lonely script is run by ruby, with a warning', async () => {
    const plan = await planned({ 'hello.rb': 'puts "hello"\n', 'README.md': '' });
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['ruby']);
    expect(root(plan)?.commands.start).toBe('ruby hello.rb');
    expect(codes(plan)).toContain('runtime-assumed');
  });
});
