/** How a project is started, and where it then listens. */
import { join } from '../shared/tree.ts';
import { type Framework, frameworks } from './frameworks.ts';
import { isModule, isPlainPath, normalName } from './names.ts';
import { declares, hasBackend, isPackage, type Project } from './project.ts';
import { inEnvironment, inFolder } from './run.ts';
import { consoleScript, fastapiEntry } from './tasks.ts';

export interface Served {
  start: string | null;
  dev: string | null;
  build: string | null;
  ports: number[];
  /** It is made to be run here, not to be published as a package. */
  isApplication: boolean;
}

const nothing: Served = { start: null, dev: null, build: null, ports: [], isApplication: false };

/** The frameworks that a project's manifests name, without those that only carry another. */
export function frameworksOf(project: Project): Framework[] {
  const named = frameworks.filter(({ packages }) => declares(project, ...packages) !== null);
  const ids = new Set(named.map(({ id }) => id));
  if (managePy(project) !== null) ids.add('django');
  return frameworks.filter(
    ({ id, within }) => ids.has(id) && within?.some((other) => ids.has(other)) !== true,
  );
}

/**
 * What starts a project: its framework's command where its entry point is there, else the program that
 * convention names. Programs are not read: an application object is taken to be called `app`.
 */
export function served(project: Project, found: readonly Framework[]): Served {
  for (const framework of found) {
    const known = special[framework.id]?.(project) ?? generic(project, framework);
    if (known !== null) {
      const ports = framework.port === null ? [] : [framework.port];
      return { ...known, ports, isApplication: true };
    }
  }
  const program = programOf(project);
  if (program !== null) {
    return { ...nothing, start: program, ports: portOf(found), isApplication: true };
  }
  if (found.some(({ id }) => id === 'jupyter')) return jupyter(project);
  const script = hasBackend(project.manifests) ? consoleScript(project) : null;
  return script === null ? nothing : { ...nothing, start: run(project, script) };
}

/** Where the first of the frameworks listens whose program this may be: not where documents are shown. */
export function portOf(found: readonly Framework[]): number[] {
  const port = found.find(({ port: own, id }) => own !== null && id !== 'jupyter' && id !== 'mkdocs')?.port;
  return port == null ? [] : [port];
}

type Known = Omit<Served, 'ports' | 'isApplication'>;

const special: Readonly<Record<string, (project: Project) => Known | null>> = {
  django,
  fastapi: (project) => fastapi(project) ?? asgi(project),
  starlette: asgi,
  flask,
  mkdocs: (project) =>
    entry(project, ['mkdocs.yml', 'mkdocs.yaml']) === null ||
    programOf(project) !== null ||
    isPackage(project.manifests)
      ? null
      : {
          start: run(project, 'mkdocs serve'),
          dev: run(project, 'mkdocs serve'),
          build: run(project, 'mkdocs build'),
        },
};

function run({ manager }: Project, command: string): string {
  return inEnvironment(manager, command);
}

/** The first of these files that is there. */
function entry({ paths, folder }: Project, files: readonly string[]): string | null {
  return files.find((file) => paths.has(join(folder, file))) ?? null;
}

/**
 * The dotted name under which a server imports a file, seen from the project's folder. A package below
 * `src` has the name under which it is installed.
 */
function moduleOf(file: string): string {
  return file
    .replace(/\.py$/, '')
    .replace(/\/__init__$/, '')
    .replace(/^src\/(?=.*\/)/, '')
    .replaceAll('/', '.');
}

function generic(project: Project, { entries, start, dev }: Framework): Known | null {
  const file = entries === undefined ? null : entry(project, entries);
  if (start === undefined || file === null) return null;
  const fill = (template: string) =>
    run(project, template.replace('{file}', file).replace('{module}', moduleOf(file)));
  return { start: fill(start), dev: dev === undefined ? null : fill(dev), build: null };
}

/** Where manage.py stands: in the project, or in the one folder of it that holds the site. */
export function managePy({ paths, folder }: Project): string | null {
  if (paths.has(join(folder, 'manage.py'))) return '.';
  const [inside, ...others] = paths.foldersWith(folder, 'manage.py');
  return inside !== undefined && others.length === 0 && isPlainPath(inside) ? inside : null;
}

/** https://docs.djangoproject.com/en/stable/howto/deployment/ */
function django(project: Project): Known | null {
  const site = managePy(project);
  if (site === null) return null;
  const dev = inFolder(site, run(project, 'python manage.py runserver'));
  const base = site === '.' ? project.folder : join(project.folder, site);
  const server = (name: string, file: string, command: (module: string) => string) => {
    const holders = project.paths.foldersWith(base, file).filter(isModule);
    const holder = holders.find((each) => project.paths.has(join(base, `${each}/settings.py`))) ?? holders[0];
    return declares(project, name) === null || holder === undefined
      ? null
      : inFolder(site, run(project, command(`${holder}.${file.replace('.py', '')}`)));
  };
  const start =
    server('gunicorn', 'wsgi.py', (module) => `gunicorn ${module}`) ??
    server('daphne', 'asgi.py', (module) => `daphne ${module}:application`) ??
    server('uvicorn', 'asgi.py', (module) => `uvicorn ${module}:application`) ??
    server('waitress', 'wsgi.py', (module) => `waitress-serve ${module}:application`);
  return { start: start ?? dev, dev, build: null };
}

const applications = ['main.py', 'app.py', 'api.py', 'server.py', 'asgi.py'];

/** Places in which an application object is looked for: the folder itself, then `app/` and the package. */
function applicationFiles(project: Project): string[] {
  const name = moduleName(project);
  const places = ['app', 'api', 'src', ...(name === null ? [] : [name, `src/${name}`])];
  return [...applications, ...places.flatMap((place) => applications.map((file) => `${place}/${file}`))];
}

/** FastAPI's own command finds the application: https://fastapi.tiangolo.com/fastapi-cli/ */
function fastapi(project: Project): Known | null {
  const standard = project.declared.some(
    ({ name, extras }) =>
      name === 'fastapi-cli' || (name === 'fastapi' && extras.some((extra) => /^(standard|all)/.test(extra))),
  );
  if (!standard) return null;
  if (fastapiEntry(project) !== null) {
    return { start: run(project, 'fastapi run'), dev: run(project, 'fastapi dev'), build: null };
  }
  const file = entry(project, applicationFiles(project));
  if (file === null) return null;
  const argument = /^(app\/)?(main|app|api)\.py$/.test(file) ? '' : ` ${file}`;
  return {
    start: run(project, `fastapi run${argument}`),
    dev: run(project, `fastapi dev${argument}`),
    build: null,
  };
}

function asgi(project: Project): Known | null {
  const server = declares(project, 'uvicorn', 'hypercorn', 'granian')?.name;
  if (server === undefined) return null;
  const file = entry(project, applicationFiles(project));
  const target = fastapiEntry(project) ?? (file === null ? null : `${moduleOf(file)}:app`);
  if (target === null) return null;
  const start = server === 'granian' ? `granian --interface asgi ${target}` : `${server} ${target}`;
  return { start: run(project, start), dev: run(project, `${start} --reload`), build: null };
}

/** Flask looks for `wsgi.py` and `app.py` by itself: https://flask.palletsprojects.com/en/stable/cli/ */
function flask(project: Project): Known | null {
  const file = entry(project, ['wsgi.py', 'app.py']);
  if (file === null) return null;
  const start = declares(project, 'gunicorn') === null ? 'flask run' : `gunicorn ${moduleOf(file)}:app`;
  return { start: run(project, start), dev: run(project, 'flask run --debug'), build: null };
}

function jupyter(project: Project): Served {
  const command = declares(project, 'jupyterlab', 'jupyter') === null ? 'jupyter notebook' : 'jupyter lab';
  return { ...nothing, start: run(project, command), ports: [8888], isApplication: true };
}

const entryPoints = ['main.py', 'app.py', 'run.py', 'server.py', 'bot.py', 'src/main.py', 'src/app.py'];

/** The program that convention names: an entry point beside the manifest, or a package that can be run. */
function programOf(project: Project): string | null {
  const file = entry(project, entryPoints);
  if (file !== null) return run(project, `python ${file}`);
  if (entry(project, ['app/main.py']) !== null) return run(project, 'python -m app.main');
  for (const base of ['.', 'src']) {
    const runnable = project.paths.foldersWith(
      base === '.' ? project.folder : join(project.folder, base),
      '__main__.py',
    );
    const own = runnable.find(
      (each) => project.name !== null && normalName(each) === normalName(project.name),
    );
    const chosen = own ?? (runnable.length === 1 ? runnable[0] : undefined);
    if (chosen === undefined || !isPlainPath(chosen) || !/^[A-Za-z_]/.test(chosen)) continue;
    // A package below `src` can be imported only once it is installed.
    if (base === 'src' && !isPackage(project.manifests)) continue;
    return run(project, `python -m ${chosen}`);
  }
  return null;
}

function moduleName({ name }: Project): string | null {
  const module = name === null ? '' : normalName(name).replaceAll('-', '_');
  return isModule(module) ? module : null;
}
