import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

/**
 * A lock that was written where a platform's package could not be had lacks it. npm 11 then refuses `npm ci`
 * everywhere, and npm 10 installs on that platform without the program.
 */
test('package-lock.json has the packages of every platform', () => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const optional = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ at, name })),
  );
  const missing = optional.filter(
    ({ at, name }) => !(`${at}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
  );
  expect(optional.length).toBeGreaterThan(0);
  expect(missing).toEqual([]);
});
