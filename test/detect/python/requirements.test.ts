import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequirement } from '../../../src/detect/python/pep508.ts';
import { parseRequirements } from '../../../src/detect/python/requirements.ts';
import { lines } from './support.ts';

/** A line as `number: what`. */
function read(text: string): string[] {
  return parseRequirements(text).map((entry) => {
    switch (entry.kind) {
      case 'requirement': {
        const { name, extras, version, specifier, url, marker } = entry.requirement;
        const from = url === null ? (version === null ? specifier : `version ${version}`) : `at ${url}`;
        const parts = [
          name,
          extras.length > 0 ? `[${extras}]` : '',
          from,
          marker === null ? '' : `if ${marker}`,
        ];
        return `${entry.line}: ${parts.filter((part) => part !== '').join(' ')}${entry.isHashed ? ' hashed' : ''}`;
      }
      case 'option':
        return `${entry.line}: option ${entry.name} ${entry.value}`;
      case 'unknown':
        return `${entry.line}: unknown`;
      default:
        return `${entry.line}: ${entry.kind} ${entry.path}`;
    }
  });
}

describe('a requirements file', () => {
  it('names packages with specifiers, extras and markers', () => {
    expect(
      read(
        lines(
          'Django==5.0.6',
          'psycopg[binary, pool] >= 3.1, < 4',
          'zope.interface',
          'importlib_metadata>=4; python_version < "3.10"',
          'numpy (==1.26.*)',
          'lxml===5.0.0',
        ),
      ),
    ).toEqual([
      '1: django version 5.0.6',
      '2: psycopg [binary,pool] >= 3.1, < 4',
      '3: zope-interface',
      '4: importlib-metadata >=4 if python_version < "3.10"',
      '5: numpy (==1.26.*)',
      '6: lxml version 5.0.0',
    ]);
  });

  it('has comments, empty lines and continued lines, which count from their first line', () => {
    expect(
      read(
        lines(
          '# pinned',
          '',
          'requests==2.31.0 \\',
          '    --hash=sha256:aaaa \\',
          '    --hash=sha256:bbbb',
          '    # via shop',
          'flask  # the web',
          'urllib3#2',
        ),
      ),
    ).toEqual(['3: requests version 2.31.0 hashed', '7: flask', '8: unknown']);
  });

  it('includes other files and constraints, in every spelling', () => {
    expect(
      read(
        lines(
          '-r base.txt',
          '--requirement=dev.txt',
          '-rother.txt',
          '-c ../constraints.txt',
          '--constraint c.txt',
          '-r',
        ),
      ),
    ).toEqual([
      '1: include base.txt',
      '2: include dev.txt',
      '3: include other.txt',
      '4: constraint ../constraints.txt',
      '5: constraint c.txt',
      '6: unknown',
    ]);
  });

  it('names packages by address', () => {
    expect(
      read(
        lines(
          'shop @ https://example.com/shop-1.0.tar.gz ; os_name == "posix"',
          'git+https://github.com/example/wand.git@v1#egg=Wand[pdf]',
          '-e git+ssh://git@github.com/example/pillow_heif.git',
          'https://example.com/wheels/lxml-5.0.0-cp312-cp312-manylinux_2_17_x86_64.whl',
          'https://example.com/?token=1',
        ),
      ),
    ).toEqual([
      '1: shop at https://example.com/shop-1.0.tar.gz if os_name == "posix"',
      '2: wand [pdf] at git+https://github.com/example/wand.git@v1',
      '3: pillow-heif at git+ssh://git@github.com/example/pillow_heif.git',
      '4: lxml at https://example.com/wheels/lxml-5.0.0-cp312-cp312-manylinux_2_17_x86_64.whl',
      '5: unknown',
    ]);
  });

  it('installs folders of the repository', () => {
    expect(read(lines('-e .', '.[test]', './libs/shared', 'libs/other', '-e file:libs/third'))).toEqual([
      '1: local .',
      '2: local .',
      '3: local ./libs/shared',
      '4: local libs/other',
      '5: local libs/third',
    ]);
  });

  it('sets options', () => {
    expect(
      read(lines('--index-url https://example.com/simple', '--no-binary :all:', '--pre', '-i x')),
    ).toEqual([
      '1: option --index-url https://example.com/simple',
      '2: option --no-binary :all:',
      '3: option --pre ',
      '4: option -i x',
    ]);
  });

  it('reads alike with any line ends', () => {
    const unix = lines('a==1', '# comment', 'b \\', '>=2', 'c');
    expect(read(unix.replaceAll('\n', '\r\n'))).toEqual(read(unix));
  });

  it('never throws, and its lines stay within the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '-r ',
        '-e ',
        '\\\n',
        '\n',
        '#',
        ';',
        '[',
        ']',
        '==',
        '@ ',
        'git+',
        '://',
        '"',
        ' --hash=',
        '\0',
        '\r',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const count = text.split(/\r\n|\r|\n/).length;
        for (const { line } of parseRequirements(text)) expect(line).toBeLessThanOrEqual(count);
      }),
    );
  });

  it.each([
    ['one endless name', 'a'.repeat(2_000_000)],
    ['dots', `a${'.'.repeat(500_000)}`],
    ['spaces', `a${' '.repeat(500_000)}b`],
    ['number signs', '#'.repeat(500_000)],
    ['spaced number signs', `a${'#'.repeat(500_000)} #`],
    ['options', 'a --hash'.repeat(100_000)],
    ['brackets', `a${'['.repeat(500_000)}`],
    ['addresses', `git+https://${'@'.repeat(500_000)}`],
    ['archives', `https://x/${'a-'.repeat(250_000)}.whl`],
    ['continuations', 'a \\\n'.repeat(200_000)],
  ])('is read in linear time: %s', (_name, text) => {
    const start = performance.now();
    parseRequirements(text);
    expect(performance.now() - start).toBeLessThan(1_500);
  });
});

describe('a dependency specifier', () => {
  it.each([[''], ['-x'], ['==1.0'], ['name with words'], ['<script>'], ['@ https://example.com']])(
    'is not %j',
    (text) => {
      expect(parseRequirement(text)).toBeNull();
    },
  );
});
