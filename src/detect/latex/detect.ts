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
  if (inventory.paths.some((path) => foreign.test(path))) {
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

/** Manifests and programs of other languages at the root. */
const foreign =
  /^(package\.json|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json|mix\.exs|pyproject\.toml|setup\.py|requirements\.txt|environment\.ya?ml|CMakeLists\.txt|DESCRIPTION|Project\.toml|cpanfile|deno\.jsonc?)$/;

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
