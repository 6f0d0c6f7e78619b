/** Folders that hold what is about their parent: `docker/Dockerfile`, `.devcontainer/Dockerfile`. */
const helpers = new Set([
  ...['docker', '.docker', 'dockerfiles', 'container', 'containers', '.devcontainer', 'devcontainer'],
  ...['build', 'ci', '.ci', 'deploy', 'deployment', 'ops', 'devops', 'infra', 'dev', 'development', 'local'],
  ...['binder', '.binder'],
]);

/** Below such a folder, names of the application itself: `docker/app/Dockerfile`. */
const applications = new Set([
  ...['app', 'application', 'web', 'backend', 'server', 'api', 'dev', 'development', 'local', 'default'],
  ...['php', 'php-fpm', 'node', 'python', 'ruby', 'go', 'golang', 'django', 'rails', 'laravel', 'main'],
]);

/**
 * The folder that a Dockerfile in this one speaks for: its own, or that above folders that only hold such files; null
 * for what is beside the application there (`docker/nginx`).
 */
export function spokenFor(folder: string): string | null {
  if (folder === '.') return '.';
  const parts = folder.split('/');
  const first = parts.findIndex((part) => helpers.has(part.toLowerCase()));
  if (first === -1) return folder;
  const isApplication = (part: string) =>
    helpers.has(part.toLowerCase()) || applications.has(part.toLowerCase());
  if (!parts.slice(first).every(isApplication)) {
    return parts[first] === '.devcontainer' ? parts.slice(0, first).join('/') || '.' : null;
  }
  return parts.slice(0, first).join('/') || '.';
}
