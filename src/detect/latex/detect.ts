/** LaTeX: documents at the root. See docs/ecosystems/latex.md. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { isPlainPath } from '../shared/shell.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { Detect, Need } from '../types.ts';
import { readDocument, type TexDocument } from './document.ts';
import { inMediumScheme, needsUnicodeEngine } from './packages.ts';

interface Source {
  file: ClaimedFile;
  document: TexDocument;
}

/** Documents with a class at the root; in a repository of something else, that they are there is only said. */
export const detectLatex: Detect = ({ inventory }) => {
  const sources = sourcesOf(inventory);
  const documents = sources.filter(
    ({ file, document }) => !file.path.includes('/') && document.documentClass !== null,
  );
  const [first] = documents;
  if (first === undefined) return [];
  const because = [evidence(first.file, first.document.documentClass?.line ?? null, 'latex/document')];
  if (isBesidePrograms(inventory)) {
    return [
      findingNeed(
        'latex-beside',
        'info',
        `${first.file.path} is a document of LaTeX; TeX Live is left out of an environment for programs`,
        'Where it is wanted, set "packages": { "add": ["texliveMedium"] } in nidify.jsonc.',
        because,
      ),
    ];
  }
  const local = new Set(
    inventory.paths
      .filter((path) => /\.(sty|cls)$/.test(path))
      .map((path) => nameOf(path).replace(/\.\w+$/, '')),
  );
  const used = sources.flatMap(({ file, document }) =>
    [...document.packages, ...(document.documentClass === null ? [] : [document.documentClass])].map(
      (usage) => ({ ...usage, file }),
    ),
  );
  const beyond = used.find(({ name }) => !local.has(name) && !inMediumScheme.has(name));
  const scheme = beyond === undefined ? 'texliveMedium' : 'texliveFull';
  const place = beyond === undefined ? because : [evidence(beyond.file, beyond.line, 'latex/package')];
  const engine = engineOf(inventory, documents);
  const build = buildOf(documents, engine.option);
  return [
    { kind: 'tool', id: scheme, project: '.', because: place },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['latex'],
      frameworks: [],
      packageManager: null,
      commands: { build, dev: `${build} -pvc` },
      ports: [],
      because,
    },
    ...engine.findings,
    ...used
      .filter(({ name }) => name === 'minted')
      .slice(0, 1)
      .map(({ file, line }) =>
        findingNeed(
          'latex-minted',
          'info',
          'minted runs Pygments while the document is made',
          'Allow it (`latexmk -shell-escape`), and add "python3Packages.pygments" to "packages" in nidify.jsonc.',
          [evidence(file, line, 'latex/package')],
        ),
      ),
  ];
};

/** Manifests of other languages at the root, and what builds programs there. */
const foreign = new RegExp(
  `^(${[
    'package\\.json|deno\\.jsonc?|go\\.mod|Cargo\\.toml|Gemfile|composer\\.json|mix\\.exs|rebar\\.config',
    'pom\\.xml|build\\.(gradle(\\.kts)?|xml|sbt|zig)|project\\.clj|deps\\.edn|pubspec\\.yaml|Package\\.swift',
    'pyproject\\.toml|setup\\.(py|cfg)|Pipfile|requirements\\.txt|environment\\.ya?ml',
    'CMakeLists\\.txt|meson\\.build|configure(\\.(ac|in))?|stack\\.yaml|cabal\\.project|dune-project|opam|_CoqProject',
    'DESCRIPTION|Project\\.toml|cpanfile|Makefile\\.PL|Build\\.PL|dist\\.ini|shard\\.yml|fpm\\.toml',
    '[^/]*\\.(cabal|opam|gemspec|nimble|rockspec|csproj|fsproj|sln|pro)',
  ].join('|')})$`,
);

/** Sources of compiled languages: scripts may well make the figures of a document. */
const program =
  /\.(c|cc|cpp|cxx|m|ml|mli|mll|mly|hs|java|kt|scala|go|rs|swift|d|vala|cs|fs|erl|ex|scm|lisp|el|f|f90|pas|adb|ads|nim|v)$/;

/** A manual beside a program, by what builds that, or because there are more sources of it. */
function isBesidePrograms({ paths }: Inventory): boolean {
  if (paths.some((path) => foreign.test(path))) return true;
  const documents = paths.filter((path) => path.endsWith('.tex')).length;
  return paths.filter((path) => program.test(path)).length > documents;
}

function sourcesOf({ files }: Inventory): Source[] {
  return [...files.values()]
    .filter(({ path }) => path.endsWith('.tex') && !isSideFolder(folderOf(path)))
    .map((file) => ({ file, document: readDocument(file.text ?? '') }));
}

interface Engine {
  /** latexmk's option; empty where its configuration decides. */
  option: string;
  findings: Need[];
}

const options: Readonly<Record<string, string>> = {
  pdflatex: '-pdf',
  xelatex: '-pdfxe',
  lualatex: '-pdflua',
  latex: '-pdf',
};

/** latexmk's own configuration, the comment that editors read, the packages: in this order. */
function engineOf({ files }: Inventory, documents: readonly Source[]): Engine {
  const rc = ['latexmkrc', '.latexmkrc'].map((name) => files.get(name)).find((file) => file !== undefined);
  if (/^[ \t]*\$(pdf_mode|pdflatex|xelatex|lualatex)[ \t]*=/m.test(rc?.text ?? ''))
    return { option: '', findings: [] };
  const named = documents.map(({ document }) => document.program).find((program) => program !== null);
  if (named !== undefined && named !== null && Object.hasOwn(options, named)) {
    return { option: options[named] ?? '-pdf', findings: [] };
  }
  const unicode = documents
    .flatMap(({ file, document }) => document.packages.map((usage) => ({ ...usage, file })))
    .find(({ name }) => needsUnicodeEngine.has(name));
  if (unicode === undefined) return { option: '-pdf', findings: [] };
  return {
    option: '-pdflua',
    findings: [
      findingNeed(
        'latex-engine',
        'info',
        `${unicode.name} needs LuaTeX or XeTeX, and nothing says which: lualatex is taken`,
        'Name one: `% !TEX program = xelatex` in the first line, or `$pdf_mode = 5;` in latexmkrc.',
        [evidence(unicode.file, unicode.line, 'latex/package')],
      ),
    ],
  };
}

/** Names that the document goes by where there are several. */
const mains = [
  'main.tex',
  'thesis.tex',
  'paper.tex',
  'report.tex',
  'article.tex',
  'book.tex',
  'slides.tex',
  'cv.tex',
  'resume.tex',
];

/** latexmk without a name makes every document of the folder. */
function buildOf(documents: readonly Source[], option: string): string {
  const paths = documents.map(({ file }) => file.path);
  const main = paths.length === 1 ? paths[0] : mains.find((name) => paths.includes(name));
  const name = main !== undefined && isPlainPath(main) ? [main] : [];
  return ['latexmk', ...(option === '' ? [] : [option]), ...name].join(' ');
}
