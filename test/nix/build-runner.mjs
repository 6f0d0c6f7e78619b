// Builds the environment of a folder with the library, as the process that it is started as: node build-runner.mjs
// LIBRARY REQUEST. Prints one line of JSON: { built } or { error }.
import { pathToFileURL } from 'node:url';

const [library, request] = process.argv.slice(2);
const { analyze, build, defaultNixSettings, render } = await import(pathToFileURL(library).href);
const { directory, settings = {}, provesAnew = false, files = null } = JSON.parse(request);
try {
  const plan = await analyze(directory);
  // The stand-in for nixpkgs can be evaluated by every version of Nix.
  for (const input of plan.nixpkgs) input.minimumNix = '2.4';
  const { storePath, proof, isRemembered, closure, root } = await build(plan, {
    repository: directory,
    files: files ?? (await render(plan)),
    environment: 'default',
    settings: { ...defaultNixSettings, timeoutMs: 120_000, ...settings },
    mirror: null,
    provesAnew,
  });
  console.log(JSON.stringify({ built: { storePath, proof, isRemembered, paths: closure.length, root } }));
} catch (error) {
  console.log(
    JSON.stringify({
      error: { code: error.code, message: error.message, hint: error.hint, exitCode: error.exitCode },
    }),
  );
}
