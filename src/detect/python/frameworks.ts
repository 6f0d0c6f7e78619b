/** Frameworks, as data: what announces them, where they listen, how they are started. */

export interface Framework {
  id: string;
  /** Normalised names of packages, any of which announces it. */
  packages: readonly string[];
  /** Where its server listens unless it is told otherwise; null where it has none. */
  port: number | null;
  /** Frameworks that are built on it: it is theirs then. */
  within?: readonly string[];
  /** Entry points that it looks for, in order, below the project's folder. */
  entries?: readonly string[];
  /** `{file}` is the entry point, `{module}` its dotted name. Without entry points, they need none. */
  start?: string;
  dev?: string;
}

const app = ['app.py', 'main.py', 'src/app.py', 'src/main.py'];

/** The most characteristic first: the first that can be started says how. */
export const frameworks: readonly Framework[] = [
  { id: 'django', packages: ['django'], port: 8000 },
  {
    id: 'streamlit',
    packages: ['streamlit'],
    port: 8501,
    entries: [
      'streamlit_app.py',
      'app.py',
      'main.py',
      'Home.py',
      'Hello.py',
      'src/streamlit_app.py',
      'src/app.py',
      'src/main.py',
    ],
    start: 'streamlit run {file}',
  },
  {
    id: 'chainlit',
    packages: ['chainlit'],
    port: 8000,
    entries: app,
    start: 'chainlit run {file}',
    dev: 'chainlit run {file} -w',
  },
  {
    id: 'reflex',
    packages: ['reflex'],
    port: 3000,
    entries: ['rxconfig.py'],
    start: 'reflex run --env prod',
    dev: 'reflex run',
  },
  { id: 'gradio', packages: ['gradio'], port: 7860 },
  { id: 'dash', packages: ['dash'], port: 8050 },
  {
    id: 'panel',
    packages: ['panel'],
    port: 5006,
    entries: app,
    start: 'panel serve {file}',
    dev: 'panel serve {file} --dev',
  },
  { id: 'nicegui', packages: ['nicegui'], port: 8080 },
  { id: 'fasthtml', packages: ['python-fasthtml'], port: 5001 },
  {
    id: 'litestar',
    packages: ['litestar', 'starlite'],
    port: 8000,
    entries: ['app.py', 'application.py', 'asgi.py', 'app/__init__.py'],
    start: 'litestar run',
    dev: 'litestar run --reload',
  },
  {
    id: 'fastapi',
    packages: ['fastapi', 'fastapi-slim'],
    port: 8000,
    within: ['gradio', 'reflex', 'chainlit', 'nicegui'],
  },
  {
    id: 'quart',
    packages: ['quart'],
    port: 5000,
    entries: ['app.py'],
    start: 'quart run',
    dev: 'quart --debug run',
  },
  { id: 'flask', packages: ['flask'], port: 5000, within: ['dash'] },
  {
    id: 'sanic',
    packages: ['sanic'],
    port: 8000,
    entries: ['server.py', 'main.py', 'app.py'],
    start: 'sanic {module}',
    dev: 'sanic {module} --dev',
  },
  {
    id: 'starlette',
    packages: ['starlette'],
    port: 8000,
    within: ['fastapi', 'gradio', 'reflex', 'fasthtml', 'nicegui', 'chainlit'],
  },
  {
    id: 'pyramid',
    packages: ['pyramid'],
    port: 6543,
    entries: ['development.ini'],
    start: 'pserve {file}',
    dev: 'pserve {file} --reload',
  },
  { id: 'bottle', packages: ['bottle'], port: 8080 },
  { id: 'cherrypy', packages: ['cherrypy'], port: 8080 },
  { id: 'falcon', packages: ['falcon'], port: null },
  { id: 'tornado', packages: ['tornado'], port: null, within: ['streamlit', 'panel', 'jupyter'] },
  // More often a client than a server.
  { id: 'aiohttp', packages: ['aiohttp'], port: null },
  { id: 'celery', packages: ['celery'], port: null },
  { id: 'scrapy', packages: ['scrapy'], port: null },
  {
    id: 'mkdocs',
    packages: ['mkdocs', 'mkdocs-material'],
    port: 8000,
    entries: ['mkdocs.yml', 'mkdocs.yaml'],
  },
  { id: 'sphinx', packages: ['sphinx'], port: null },
  { id: 'jupyter', packages: ['jupyter', 'jupyterlab', 'notebook'], port: 8888 },
];
