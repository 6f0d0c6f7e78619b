import { describe, expect, it } from 'vitest';
import { needsOf } from '../../support/needs.ts';
import { detected, lines, pyproject } from './support.ts';

/** Needs of dependencies, as `project name version <- places`. */
async function nativeOf(files: Record<string, string | null>, ...known: string[]): Promise<string[]> {
  return needsOf(await detected(files, known), 'dependency').map(
    ({ project, name, version, because }) =>
      `${project} ${name} ${version ?? 'any'} <- ${because.map(({ file, line }) => `${file}:${line}`).join(' ')}`,
  );
}

describe('dependencies that need something native', () => {
  it('are those of requirements files that the catalogue knows', async () => {
    expect(
      await nativeOf(
        {
          'requirements.txt': lines(
            'flask==3.0',
            'psycopg2==2.9.3',
            'Pillow>=10',
            'pywin32; sys_platform == "win32"',
          ),
        },
        'psycopg2',
        'pillow',
        'pywin32',
      ),
    ).toEqual(['. psycopg2 2.9.3 <- requirements.txt:2', '. pillow any <- requirements.txt:3']);
  });

  it('are found through includes, with versions from constraints', async () => {
    expect(
      await nativeOf(
        {
          'requirements.txt': lines('-r requirements/base.txt', '-c constraints.txt'),
          'requirements/base.txt': 'lxml\n',
          'constraints.txt': lines('lxml==5.1.0', 'numpy==2.0.0'),
        },
        'lxml',
        'numpy',
      ),
    ).toEqual(['. lxml 5.1.0 <- requirements/base.txt:1']);
  });

  it('are not those of documentation or of another variant', async () => {
    expect(
      await nativeOf(
        { 'requirements.txt': '', 'requirements-docs.txt': 'cairosvg\n', 'requirements-gpu.txt': 'torch\n' },
        'cairosvg',
        'torch',
      ),
    ).toEqual([]);
  });

  it('are those of pyproject.toml, its extras and its groups', async () => {
    expect(
      await nativeOf(
        {
          'pyproject.toml': pyproject(
            'dependencies = [',
            '  "lxml>=5",',
            ']',
            '[project.optional-dependencies]',
            'images = ["pillow==10.2.0"]',
            '[dependency-groups]',
            'dev = ["numpy", { include-group = "test" }]',
            '[build-system]',
            'requires = ["maturin>=1"]',
          ),
        },
        'lxml',
        'pillow',
        'numpy',
        'maturin',
      ),
    ).toEqual([
      '. lxml any <- pyproject.toml:4',
      '. pillow 10.2.0 <- pyproject.toml:7',
      '. numpy any <- pyproject.toml:9',
      '. maturin any <- pyproject.toml:11',
    ]);
  });

  it('are those of Poetry’s tables, unless they are for other systems', async () => {
    expect(
      await nativeOf(
        {
          'pyproject.toml': lines(
            '[tool.poetry.dependencies]',
            'python = "^3.11"',
            'psycopg2 = "2.9.9"',
            'lxml = { version = "^5", markers = "sys_platform == \'win32\'" }',
            'pycairo = { version = "^1", platform = "win32" }',
            'numpy = [{ version = "1.24", python = "<3.9" }, { version = "^2", python = ">=3.9" }]',
            '[tool.poetry.group.dev.dependencies]',
            'pillow = "*"',
          ),
        },
        ...['psycopg2', 'lxml', 'pycairo', 'numpy', 'pillow', 'python'],
      ),
    ).toEqual([
      '. psycopg2 2.9.9 <- pyproject.toml:3',
      '. numpy 1.24 <- pyproject.toml:6',
      '. pillow any <- pyproject.toml:8',
    ]);
  });

  it('are those of Pipfile, with the versions of its lock', async () => {
    expect(
      await nativeOf(
        {
          Pipfile: lines(
            '[packages]',
            'grpcio = "*"',
            'pywin32 = { version = "*", sys_platform = "== \'win32\'" }',
          ),
          'Pipfile.lock': JSON.stringify(
            {
              default: {
                grpcio: { version: '==1.53.2' },
                cffi: { version: '==1.16.0', markers: "os_name == 'nt'" },
              },
              develop: {},
            },
            null,
            2,
          ),
        },
        'grpcio',
        'cffi',
        'pywin32',
      ),
    ).toEqual(['. grpcio 1.53.2 <- Pipfile:2 Pipfile.lock:3']);
  });

  it('are those of setup.cfg and setup.py', async () => {
    expect(
      await nativeOf(
        {
          'setup.cfg': lines(
            '[options]',
            'install_requires =',
            '    lxml>=5',
            '    flask',
            '[options.extras_require]',
            'pdf = pikepdf',
          ),
          'setup.py': lines(
            'setup(',
            '    install_requires=[',
            '        "numpy>=1.20",  # fast',
            "        'flask'",
            '    ],',
            ')',
          ),
        },
        'lxml',
        'pikepdf',
        'numpy',
      ),
    ).toEqual(['. lxml any <- setup.cfg:3', '. pikepdf any <- setup.cfg:6', '. numpy any <- setup.py:3']);
  });

  it('are those of the variables that setup.py passes on', async () => {
    expect(
      await nativeOf(
        {
          'setup.py': lines(
            'requires = [',
            "    'lxml>=5',",
            ']',
            "test_requirements = ['pillow']",
            'setup(install_requires=requires, tests_require=test_requirements, setup_requires=read("numpy"))',
          ),
        },
        ...['lxml', 'pillow', 'numpy'],
      ),
    ).toEqual(['. lxml any <- setup.py:2', '. pillow any <- setup.py:4']);
  });

  it('are those of the extras of setup.py, where they are a dictionary of lists', async () => {
    expect(
      await nativeOf(
        {
          'setup.py': lines(
            'setup(',
            '    extras_require={',
            "        'pdf': ['pikepdf', 'flask[async]'],",
            '        "images": [  # slow: [x]',
            "            'pillow>=10',",
            '        ],',
            "        'all': everything,",
            '    },',
            "    entry_points={'lxml': ['lxml']},",
            ')',
          ),
        },
        ...['pikepdf', 'pillow', 'lxml'],
      ),
    ).toEqual(['. pikepdf any <- setup.py:3', '. pillow any <- setup.py:5']);
  });

  it('are locked ones that nothing names, and locked versions of those that something does', async () => {
    expect(
      await nativeOf(
        {
          'pyproject.toml': pyproject('dependencies = ["pdf2image"]'),
          'uv.lock': lines(
            'version = 1',
            '[[package]]',
            'name = "pdf2image"',
            'version = "1.17.0"',
            '[[package]]',
            'name = "pillow"',
            'version = "11.1.0"',
            '[[package]]',
            'name = "shop"',
            'source = { virtual = "." }',
          ),
        },
        'pdf2image',
        'pillow',
        'shop',
      ),
    ).toEqual(['. pdf2image 1.17.0 <- pyproject.toml:3 uv.lock:3', '. pillow 11.1.0 <- uv.lock:6']);
  });

  it('are brought by extras', async () => {
    expect(
      await nativeOf(
        { 'requirements.txt': lines('psycopg[c]>=3.2', 'uvicorn[standard]') },
        'psycopg',
        'psycopg-c',
        'uvloop',
      ),
    ).toEqual([
      '. psycopg any <- requirements.txt:1',
      '. psycopg-c any <- requirements.txt:1',
      '. uvloop any <- requirements.txt:2',
    ]);
  });

  it('of a workspace’s member are those that it declares', async () => {
    expect(
      await nativeOf(
        {
          'pyproject.toml': lines('[tool.uv.workspace]', 'members = ["libs/*"]'),
          'libs/images/pyproject.toml': lines('[project]', 'name = "images"', 'dependencies = ["pillow"]'),
          'uv.lock': lines(
            '[[package]]',
            'name = "pillow"',
            'version = "11.0.0"',
            '[[package]]',
            'name = "lxml"',
            'version = "5.0.0"',
          ),
        },
        'pillow',
        'lxml',
      ),
    ).toEqual([
      '. pillow 11.0.0 <- uv.lock:2',
      '. lxml 5.0.0 <- uv.lock:5',
      'libs/images pillow 11.0.0 <- libs/images/pyproject.toml:3 uv.lock:2',
    ]);
  });
});

describe('a project’s own native code', () => {
  /** What it needs to compile, in order. */
  async function builtWith(files: Record<string, string | null>, ...known: string[]): Promise<string[]> {
    return (await detected(files, known)).flatMap((need) => {
      if (need.kind === 'compiler') return ['compiler'];
      if (need.kind === 'tool') return [`tool ${need.id}`];
      if (need.kind === 'toolchain' && need.id !== 'python') return [`toolchain ${need.id}`];
      return need.kind === 'dependency' ? [`like ${need.name}`] : [];
    });
  }
  const requiring = (name: string) => ({
    'pyproject.toml': lines('[build-system]', `requires = ["${name}>=1"]`),
  });

  it.each([
    ['scikit-build-core', ['compiler', 'tool cmake', 'tool ninja', 'tool pkg-config']],
    ['meson-python', ['compiler', 'tool meson', 'tool ninja', 'tool pkg-config']],
    ['maturin', ['compiler', 'toolchain rust']],
    ['Cython', ['compiler']],
    ['setuptools', []],
    ['hatchling', []],
  ])('that %s builds', async (name, expected) => {
    expect(await builtWith(requiring(name))).toEqual(expected);
  });

  it.each([
    ['setup(ext_modules=[Extension("fast", ["fast.c"])])', ['compiler']],
    ['setup(ext_modules=cythonize("*.pyx"))', ['compiler']],
    ['setup(rust_extensions=[RustExtension("fast")])', ['compiler', 'toolchain rust']],
    [
      'setup(ext_modules=[CMakeExtension("fast")])',
      ['compiler', 'tool cmake', 'tool ninja', 'tool pkg-config'],
    ],
    ['# setup(ext_modules=[])', []],
    ['setup(name="shop")', []],
  ])('that setup.py builds: %s', async (text, expected) => {
    expect(await builtWith({ 'setup.py': `${text}\n` })).toEqual(expected);
  });

  it('needs what its own package is known to need', async () => {
    const manifest = (...rest: string[]) => ({
      'pyproject.toml': lines('[project]', 'name = "Pillow"', ...rest),
    });
    expect(await builtWith(manifest('[build-system]', 'requires = ["pybind11"]'), 'pillow')).toEqual([
      'like pillow',
      'compiler',
    ]);
    expect(await builtWith(manifest(), 'pillow')).toEqual([]);
  });

  it('is everybody’s where pip is told to take no wheels', async () => {
    expect(await builtWith({ 'requirements.txt': lines('--no-binary :all:', 'flask') })).toEqual([
      'compiler',
    ]);
  });
});
