import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGemfile } from '../../../src/detect/ruby/gemfile.ts';
import { parseGemspec } from '../../../src/detect/ruby/gemspec.ts';
import { hasLinuxBinary, locksLinux, parseLockfile } from '../../../src/detect/ruby/lockfile.ts';
import { tokensOf } from '../../../src/detect/ruby/tokens.ts';
import { rubyVersion } from '../../../src/detect/ruby/version-text.ts';

const names = (text: string) => parseGemfile(text).gems.map(({ name, line }) => `${name}:${line}`);

describe('a Gemfile', () => {
  test.each([
    ['gem "a"\ngem \'b\', "~> 1"\n', ['a:1', 'b:2']],
    ['group :test do\n  gem "a"\nend\n', ['a:2']],
    ['gem("a", require: false); gem "b"', ['a:1', 'b:1']],
    ['# gem "a"\n=begin\ngem "b"\n=end\ngem "c"', ['c:5']],
    ['x = "gem \\"a\\""\ngem "b"', ['b:2']],
    ['text = <<~END\n  gem "a"\nEND\ngem "b"', ['b:4']],
    ['gem "a",\n  "~> 1",\n  require: "b"\ngem "c"', ['a:1', 'c:4']],
    ['gem "a" if ENV["X"] == "gem"', ['a:1']],
    ['gem "a-#{x}"\ngem "b"', ['b:2']],
    ['if true then gem "a" else gem "b" end', ['a:1', 'b:1']],
    ['gem "a"\n__END__\ngem "b"', ['a:1']],
    ['install_if -> { true } do\n  gem "a"\nend', ['a:2']],
    ['path "engines" do gem "a" end', ['a:1']],
    ['gem %q(a)', ['a:1']],
    ['puts "#{h["x"]} gem"\ngem "b"', ['b:2']],
  ])('%j has %j', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test.each([
    ['ruby "3.3.6"', { raw: '3.3.6', file: null, engine: null }],
    ['ruby "3.1.4", engine: "jruby", engine_version: "9.4.10.0"', { engine: 'jruby-9.4.10.0' }],
    ["ruby '3.1.4', :engine => 'jruby', :engine_version => '9.4'", { engine: 'jruby-9.4' }],
    ["ruby '3.3.6', patchlevel: '108'", { raw: '3.3.6' }],
    ['ruby file: ".ruby-version"', { raw: null, file: '.ruby-version' }],
    ['ruby File.read(File.join(__dir__, ".ruby-version")).strip', { raw: null, file: '.ruby-version' }],
    ['ruby ["~> 3.2", "< 3.4"]', { raw: '~> 3.2, < 3.4' }],
    ['ruby RUBY_VERSION', { raw: null, file: null }],
    ['ruby "#{major}.4"', { raw: null, file: null }],
  ])('%s', (text, expected) => {
    expect(parseGemfile(text).ruby).toMatchObject({ line: 1, ...expected });
  });
});

test('a specification in braces, or with %q, is read too', () => {
  expect(
    parseGemspec(
      'Gem::Specification.new { |s| s.name = %q{shop}; s.required_ruby_version = ">= 3.0"; s.add_dependency("pg") }',
    ),
  ).toMatchObject({ name: 'shop', ruby: { raw: '>= 3.0' }, dependencies: [{ name: 'pg' }] });
  expect(
    parseGemspec(
      'spec.required_ruby_version = Gem::Requirement.new(">= 2.7", "< 4")\nspec.extensions = ["ext/a/extconf.rb"]',
    ),
  ).toMatchObject({ ruby: { raw: '>= 2.7, < 4' }, extensions: 2 });
  expect(parseGemspec('spec.required_ruby_version = ">= #{minimum}"').ruby).toBeNull();
});

test('a lock file says which gems are compiled for Linux', () => {
  const lock = parseLockfile(
    [
      'GIT\n  remote: https://github.com/a/b\n  revision: 1\n  specs:\n    b (1.0)\n',
      'GEM\n  remote: https://rubygems.org/\n  specs:',
      '    nokogiri (1.18.8-arm64-darwin)\n      racc (~> 1.4)\n    nokogiri (1.18.8-x86_64-linux-gnu)',
      '    ffi (1.17.0-x86_64-linux-musl)\n    racc (1.8.1)\n',
      'PLATFORMS\n  arm64-darwin\n  x86_64-linux-gnu\n',
      'DEPENDENCIES\n  b!\n  nokogiri (~> 1.18)\n',
      'RUBY VERSION\n   ruby 3.3.6p108\n\nBUNDLED WITH\n   2.5.22\n',
    ].join('\n'),
  );
  expect(lock).toMatchObject({ git: 1, ruby: { raw: '3.3.6' }, bundler: { raw: '2.5.22' }, conflict: null });
  expect([...lock.direct]).toEqual(['b', 'nokogiri']);
  expect([...lock.gems.keys()]).toEqual(['b', 'nokogiri', 'ffi', 'racc']);
  const binary = (name: string) => {
    const gem = lock.gems.get(name);
    return gem !== undefined && hasLinuxBinary(gem);
  };
  expect(['nokogiri', 'ffi', 'racc'].map(binary)).toEqual([true, false, false]);
  expect(locksLinux(lock)).toBe(true);
});

test.each([
  ['3.3.5', '3.3.5'],
  ['ruby-3.3.5', '3.3.5'],
  ['ruby 3.3', '3.3'],
  ['2.7.8-p225', '2.7.8'],
  ['3.3.5@shop', '3.3.5'],
  ['3.4.0-preview2', '3.4.0-preview2'],
  ['jruby-9.4.5.0', 'jruby-9.4.5.0'],
  ['system', null],
  ['', null],
])('the version %j is %j', (text, expected) => {
  expect(rubyVersion(text)?.raw ?? null).toBe(expected);
});

describe('hostile texts', () => {
  const pieces = fc.constantFrom(
    ...[
      '"',
      "'",
      '`',
      '#{',
      '}',
      '%w[',
      '%q(',
      '<<~EOS',
      '\n',
      '\\',
      '=begin',
      '=end',
      '/',
      ':',
      '::',
      '(',
      ')',
    ],
    ...['[', ']', '{', '|', 'gem ', 'ruby ', 'x', '.', 'é', '#', ';', '?', '@', '__END__', '%', '<<'],
  );

  test('never throw, and every token has a line of the text', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        const lines = text.split('\n').length;
        for (const { line } of tokensOf(text)) expect(line).toBeLessThanOrEqual(lines + 1);
        parseGemfile(text);
        parseGemspec(text);
        parseLockfile(text);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['"', '#{', '%w[', '<<~A\n', 'gem "', '(', ':', '/', '=begin\n', '    a (', 'spec.name = '])(
    'many times %j takes linear time',
    (piece) => {
      const started = performance.now();
      const text = piece.repeat(1_000_000 / piece.length);
      parseGemfile(text);
      parseGemspec(text);
      parseLockfile(text);
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );
});
