import { describe, expect, it } from 'vitest';
import { childText, descendants, parseXml } from '../../src/parse/xml.ts';

function root(text: string) {
  const parsed = parseXml(text);
  if ('problem' in parsed) throw new Error(parsed.problem.message);
  return parsed.root;
}

describe('XML', () => {
  it('gives elements with attributes, text and lines', () => {
    const project = root(
      '<?xml version="1.0"?>\n<!-- <a> -->\n<Project Sdk="a>b">\n  <Item Include=\'x\' Version="1"/>\n  <Name> n &amp; <![CDATA[<m>]]> </Name>\n</Project>\n',
    );
    expect(project).toMatchObject({ name: 'Project', attributes: { Sdk: 'a>b' }, line: 3 });
    expect(project.children.map(({ name, line, attributes }) => [name, line, { ...attributes }])).toEqual([
      ['Item', 4, { Include: 'x', Version: '1' }],
      ['Name', 5, {}],
    ]);
    expect(childText(project, 'Name')).toBe('n &amp; <m>');
  });

  it('finds what lies deeper, in order, and where', () => {
    const found = descendants(root('<a><b><c>1</c></b><c>2</c></a>'), 'c');
    expect(found.map(({ element, within }) => `${within.join('/')} ${element.text}`)).toEqual([
      'a/b 1',
      'a 2',
    ]);
  });

  it('expands no entity and reads no DTD', () => {
    const bomb = `<!DOCTYPE a [\n<!ENTITY x "${'y'.repeat(1000)}">\n<!ENTITY f SYSTEM "file:///etc/passwd">]>\n<a>&x;&f;</a>`;
    expect(root(bomb).text).toBe('&x;&f;');
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a',
    '</a>',
    '<a></b>',
    '<!-- ',
    '<![CDATA[',
    '<>',
    '<a b="',
    '<!DOCTYPE a [',
  ])('says that %j is none', (text) => {
    expect(parseXml(text)).toHaveProperty('problem');
  });

  it.each([
    ['deep', '<a>'.repeat(100_000)],
    ['declarations', '<!a>'.repeat(250_000)],
    ['one line', `<a>${'<b/>'.repeat(250_000)}</a>`],
    ['a long tag', `<a ${'x'.repeat(1_000_000)}/>`],
    ['many attributes', `<a ${'x="1" '.repeat(150_000)}/>`],
    ['open quotes', '<a b="'.repeat(100_000)],
    ['blanks', `<a ${' '.repeat(1_000_000)}`],
  ])('is read in linear time: %s', (_what, text) => {
    const start = performance.now();
    parseXml(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
