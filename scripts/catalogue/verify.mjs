// Evaluates every attribute of the catalogue against its channel's pin, aliases off.
//
//   npm run catalogue:verify -- [--channel nixos-26.05]... [--nixpkgs CHANNEL=DIRECTORY]... [--json]
//
// Exit codes: 0 all is as the catalogue says; 1 something is missing, insecure or unfree without the catalogue
// saying so; 2 wrong usage; 4 there is no Nix; 75 nixpkgs cannot be reached.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './compare.mjs';
import { compile } from './compile.mjs';
import { factsByChannel } from './facts.mjs';
import { evaluate, fetchNixpkgs } from './nix.mjs';
import { readSources } from './sources.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @returns exit code */
async function main() {
  const { values } = parseArgs({
    options: {
      channel: { type: 'string', multiple: true },
      nixpkgs: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      sources: { type: 'string', default: root },
    },
  });
  const compiled = compile(await readSources(values.sources));
  const folders = new Map(values.nixpkgs.map((each) => /^([^=]+)=(.*)$/.exec(each)?.slice(1) ?? [each, '']));
  const wanted = values.channel ?? (folders.size > 0 ? [...folders.keys()] : null);
  const facts = factsByChannel(compiled);
  const unknown = [...(wanted ?? []), ...folders.keys()].filter((name) => !facts.has(name));
  if (unknown.length > 0) return say(2, `no such channel: ${unknown.join(', ')}`);

  const report = {};
  let code = 0;
  for (const channel of compiled.base.channels) {
    if (wanted !== null && !wanted.includes(channel.name)) continue;
    let nixpkgs = folders.get(channel.name);
    try {
      nixpkgs ??= await fetchNixpkgs(channel);
    } catch (error) {
      if (error.code === 'ENOENT') return say(4, 'nix-instantiate is needed: https://nixos.org/download/');
      const reason = String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .at(-1);
      return say(75, `nixpkgs of ${channel.name} (${channel.rev}) cannot be reached: ${reason}`);
    }
    const known = facts.get(channel.name) ?? [];
    const answers = await evaluate(
      nixpkgs,
      known.map(({ attribute }) => attribute),
    );
    const result = compare(known, answers);
    report[channel.name] = result;
    if (result.problems.length > 0) code = 1;
    if (!values.json) print(channel.name, known.length, result);
  }
  if (values.json) console.log(JSON.stringify(report, null, 2));
  return code;
}

function print(channel, count, { problems, remarks }) {
  console.log(`${channel}: ${count} attributes, ${problems.length} problems`);
  for (const problem of problems) console.log(`  ${problem}`);
  for (const remark of remarks) console.log(`  (${remark})`);
}

function say(code, message) {
  console.error(`catalogue: ${message}`);
  return code;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = say(2, error.message);
}
