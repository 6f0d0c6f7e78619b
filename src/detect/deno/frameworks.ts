import type { Import } from './config.ts';

/** Deno's frameworks, by what imports are called or stand for. Ports from each framework's documentation. */
export interface DenoFramework {
  id: string;
  imports: RegExp;
  port: number | null;
}

export const denoFrameworks: readonly DenoFramework[] = [
  { id: 'fresh', imports: /^(\$fresh\/|@fresh\/core$|fresh$)|deno\.land\/x\/fresh@/, port: 8000 },
  { id: 'lume', imports: /^lume\/|deno\.land\/x\/lume|cdn\.jsdelivr\.net\/gh\/lumeland\/lume/, port: 3000 },
  { id: 'oak', imports: /^@?oak(\/|$)|deno\.land\/x\/oak|jsr:@oak\/oak/, port: null },
  { id: 'hono', imports: /^@?hono(\/|$)|jsr:@hono\/hono|npm:hono/, port: null },
  { id: 'aleph', imports: /^aleph(\/|$)|deno\.land\/x\/aleph/, port: 3000 },
];

export function denoFrameworksOf(imports: readonly Import[]): DenoFramework[] {
  return denoFrameworks.filter(({ imports: pattern }) =>
    imports.some(
      ({ name, target }) => pattern.test(name.slice(0, 512)) || pattern.test(target.slice(0, 512)),
    ),
  );
}
