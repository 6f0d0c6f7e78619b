/** Databases that a project cannot run without. */
import type { ServiceNeed } from '../types.ts';
import { declares, type Project } from './project.ts';

/** Drivers of the databases that Django knows: https://docs.djangoproject.com/en/stable/ref/databases/ */
const drivers = [
  {
    id: 'postgresql',
    port: 5432,
    packages: ['psycopg', 'psycopg2', 'psycopg2-binary', 'psycopg-binary', 'psycopg-c'],
  },
  { id: 'mysql', port: 3306, packages: ['mysqlclient', 'pymysql'] },
] as const;

/**
 * The database of a Django site: its settings are a program and are not read, but a site installs a driver
 * only for the database that it is configured for. Elsewhere a driver may serve a script or one of several
 * back ends of a library.
 */
export function serviceNeeds(project: Project, frameworks: readonly string[]): ServiceNeed[] {
  if (!frameworks.includes('django')) return [];
  return drivers.flatMap(({ id, port, packages }) => {
    const driver = declares(project, ...packages);
    return driver === null ? [] : [{ kind: 'service', id, version: null, port, because: [driver.because()] }];
  });
}
