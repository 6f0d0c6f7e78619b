/** Extensions of PHP, which phpize builds, and packages of PEAR: docs/ecosystems/php.md. */
import { append } from '../../append.ts';
import { childText, parseXml, type XmlElement } from '../../parse/xml.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { lineAt } from '../../text/lines.ts';
import { evidence, presence } from '../evidence.ts';
import { ancestors, fileIn, filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, Need, ToolchainNeed, VersionRequest } from '../types.ts';

export const detectPear: Detect = async (context) => {
  const needs: Need[] = [];
  const folders = new Set<string>();
  for (const file of filesNamed(context, ['config.m4', 'package2.xml', 'package.xml'])) {
    const folder = folderOf(file.path);
    if (isSideFolder(folder) || ancestors(folder).some((above) => folders.has(above))) continue;
    const found = file.path.endsWith('.m4')
      ? await extension(context, file, folder)
      : await pearPackage(context, file, folder);
    if (found.length === 0) continue;
    folders.add(folder);
    append(needs, found);
  }
  return needs;
};

/** https://www.php.net/manual/en/internals2.buildsys.configunix.php */
const newExtension = /^[ \t]*PHP_NEW_EXTENSION[ \t]*\(?[ \t]*\[?(?<name>\w{1,60})/m;

/**
 * An extension that is built by itself, as https://www.php.net/manual/en/install.pecl.phpize.php has it. Those in the
 * sources of PHP are built with it.
 */
async function extension(context: DetectContext, file: ClaimedFile, folder: string): Promise<Need[]> {
  const { inventory, native } = context;
  const match = newExtension.exec(file.text ?? '');
  const isWithin = ancestors(folder).some((at) => fileIn(inventory, at, 'configure.ac') !== null);
  if (match === null || isWithin) return [];
  const sign = evidence(file, lineAt(file.text ?? '', match.index), 'php/extension');
  const because = [sign];
  const { readAutotools } = await import('../c/autotools.ts');
  const { libraryNeeds, toolNeeds } = await import('../c/needs.ts');
  const facts = readAutotools(inventory, file);
  const described =
    rootOf(fileIn(inventory, folder, 'package2.xml')) ?? rootOf(fileIn(inventory, folder, 'package.xml'));
  const tools = ['autoconf', 'make', 'pkg-config'].map((value) => ({ value, because: sign }));
  return [
    {
      ...(await toolchain(context, folder, described)),
      because,
      // phpize and the headers.
      components: ['unwrapped.dev'],
    },
    { kind: 'compiler', project: folder, because, isOwnCode: true, hasOldC: true },
    ...libraryNeeds(native.c, folder, facts, null),
    ...toolNeeds(folder, tools),
    {
      kind: 'project',
      path: folder,
      name: match.groups?.name ?? null,
      languages: ['php', 'c'],
      frameworks: [],
      packageManager: null,
      commands: {
        build: 'phpize && ./configure && make',
        test: 'NO_INTERACTION=1 make test',
      },
      ports: [],
      because,
    },
  ];
}

interface Described {
  root: XmlElement;
  file: ClaimedFile;
}

/** Other things have a package.xml too, ROS above all: https://pear.php.net/manual/en/guide.developers.package2.php */
function rootOf(file: ClaimedFile | null): Described | null {
  // Nothing is said of one that cannot be parsed: it may be anybody's.
  if (file?.text == null || !/pear\.php\.net\/dtd\/package|packagerversion=/.test(file.text.slice(0, 4000)))
    return null;
  const parsed = parseXml(file.text);
  return 'problem' in parsed || parsed.root.name !== 'package' ? null : { root: parsed.root, file };
}

async function pearPackage(context: DetectContext, file: ClaimedFile, folder: string): Promise<Need[]> {
  const described = rootOf(file);
  // With Composer, its manifest says the same.
  if (described === null || fileIn(context.inventory, folder, 'composer.json') !== null) return [];
  const because = [presence(file.path, 'php/pear')];
  const name = childText(described.root, 'name') ?? '';
  return [
    { ...(await toolchain(context, folder, described)), because },
    {
      kind: 'project',
      path: folder,
      name: /^\w{1,100}$/.test(name) ? name : null,
      languages: ['php'],
      frameworks: [],
      packageManager: null,
      commands: {},
      ports: [],
      because,
    },
  ];
}

/** https://pear.php.net/manual/en/guide.developers.package2.dependencies.php */
async function toolchain(
  { inventory }: DetectContext,
  folder: string,
  described: Described | null,
): Promise<Omit<ToolchainNeed, 'because'>> {
  const requests: VersionRequest[] = await versionFileRequests(inventory, folder, ['php']);
  const needed = described === null ? undefined : child(described.root, 'dependencies', 'required');
  const php = needed === undefined ? undefined : child(needed, 'php');
  const [min, max] = ['min', 'max'].map((bound) => php && child(php, bound)?.text);
  const bounds = [
    ...(isVersion(min) ? [`>=${min}`] : []),
    // `8.9.99`, `9.0.0`: the beginning of what is not supported.
    ...(isVersion(max) ? [`<=${max}`] : []),
  ].join(' ');
  if (described !== null && php !== undefined && bounds !== '') {
    const because = evidence(described.file, php.line, 'php/pear');
    requests.push({ raw: bounds, scheme: 'composer', because });
  }
  const extensions = (needed?.children ?? []).flatMap((each) => {
    const name = each.name === 'extension' ? child(each, 'name')?.text.toLowerCase() : undefined;
    if (described === null || name === undefined || !/^\w{1,60}$/.test(name)) return [];
    return [{ name, because: [evidence(described.file, each.line, 'php/pear')] }];
  });
  return { kind: 'toolchain', id: 'php', project: folder, requests, extensions };
}

function isVersion(text: string | undefined): text is string {
  return /^\d{1,3}(\.\d{1,3}){0,3}$/.test(text ?? '');
}

function child(element: XmlElement, ...path: string[]): XmlElement | undefined {
  let at: XmlElement | undefined = element;
  for (const name of path) at = at?.children.find((each) => each.name === name);
  return at;
}
