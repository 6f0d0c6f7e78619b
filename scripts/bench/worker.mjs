/**
 * `node scripts/bench/worker.mjs FOLDER [--rounds 30] [--tun FILE] [--size]`: what Docker in a worker costs. FOLDER has
 * the project's `.devcontainer`; its image is built twice with the Docker engine that DOCKER_HOST names, as it is and
 * without Docker, and both are started in turn: medians, and their difference with a 95 % interval (bootstrap).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '30' },
    tun: { type: 'string', default: '/dev/net/tun' },
    image: { type: 'string' },
    'base-image': { type: 'string' },
    size: { type: 'boolean', default: false },
  },
});
const [folder = '.'] = positionals;
const rounds = Number(values.rounds);
const work = mkdtempSync(path.join(tmpdir(), 'nidify-bench-worker-'));

function docker(args, input) {
  const { status, stdout, stderr } = spawnSync('docker', args, {
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`docker ${args[0]}: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
  return stdout;
}

/** The same without Docker in it: the block of the Dockerfile that installs it, and what it copies and sets. */
function withoutDocker(image) {
  const context = path.join(work, 'without');
  cpSync(path.join(folder, '.devcontainer'), context, { recursive: true });
  const file = path.join(context, 'Dockerfile');
  const text = readFileSync(file, 'utf8')
    // The toolchain is that of the image.
    .replace(/# The toolchain[\s\S]*?\nFROM[\s\S]*?(?=\nFROM)/, '')
    .replace(
      /^COPY --from=toolchain .*$/m,
      ['nix', 'opt'].map((each) => `COPY --from=${image} /${each} /${each}`).join('\n'),
    )
    .replace(/ && chmod 0644 \S+docker-policy.mjs/, '')
    .replace(/# Docker without privileges[\s\S]*?(?=\n# Numbers of the user)/, '')
    .replace(/ --groups docker worker/, ' worker')
    .replace(/^COPY docker-policy.*\n/m, '')
    .replace(/^ENV (DOCKER|TESTCONTAINERS|WRANGLER)_.*\n/gm, '');
  writeFileSync(file, text);
  return context;
}

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
};

/** Of the difference of two medians, by resampling. */
function interval(a, b) {
  const pick = (numbers) => numbers.map(() => numbers[Math.floor(Math.random() * numbers.length)]);
  const differences = Array.from({ length: 2000 }, () => median(pick(a)) - median(pick(b))).sort(
    (x, y) => x - y,
  );
  return [differences[50], differences[1949]];
}

try {
  const base =
    values['base-image'] === undefined ? [] : ['--build-arg', `BASE_IMAGE=${values['base-image']}`];
  const build = (context) =>
    docker(['build', '--quiet', '--network=host', ...base, context])
      .trim()
      .split('\n')
      .at(-1);
  const image = values.image ?? build(path.join(folder, '.devcontainer'));
  const bare = build(withoutDocker(image));
  const flags = [
    ...['--rm', '--cap-drop=ALL', '--cap-add=SETUID', '--cap-add=SETGID'],
    ...['--security-opt', `seccomp=${path.join(folder, '.devcontainer/seccomp.json')}`],
    ...['--security-opt', 'systempaths=unconfined', '--device', `${values.tun}:/dev/net/tun`],
  ];
  const kinds = {
    'image without Docker': ['run', ...flags, bare, 'true'],
    'Docker in it, off': ['run', ...flags, image, 'true'],
    'Docker in it, on (volume, overlay2)': [
      'run',
      ...flags,
      '-v',
      '/var/lib/docker-engine',
      '-e',
      'ENABLE_DOCKER=1',
      image,
      'true',
    ],
    'Docker in it, on (vfs)': ['run', ...flags, '-e', 'ENABLE_DOCKER=1', image, 'true'],
  };
  const times = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
  for (const args of Object.values(kinds)) docker(args);
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(kinds)) {
      const started = performance.now();
      docker(args);
      times[name].push(performance.now() - started);
    }
  }
  const [first, off, ...on] = Object.entries(times);
  console.log(`${rounds} rounds, interleaved; milliseconds from docker run to the end of its command`);
  for (const [name, numbers] of Object.entries(times)) {
    const sorted = [...numbers].sort((a, b) => a - b);
    console.log(
      `${name}: median ${median(numbers).toFixed(0)} (${sorted[0].toFixed(0)} to ${sorted.at(-1).toFixed(0)})`,
    );
  }
  for (const [[name, numbers], [other, reference]] of [[off, first], ...on.map((each) => [each, off])]) {
    const [low, high] = interval(numbers, reference);
    const difference = median(numbers) - median(reference);
    console.log(
      `${name} - ${other}: ${difference.toFixed(0)} (95 %: ${low.toFixed(0)} to ${high.toFixed(0)})`,
    );
  }
  if (values.size) {
    for (const [name, id] of [
      ['with Docker', image],
      ['without', bare],
    ]) {
      const shell = `docker save ${id} | tee >(wc -c >&2) | gzip -6 | wc -c`;
      const { stdout, stderr } = spawnSync('bash', ['-c', shell], { encoding: 'utf8' });
      console.log(`${name}: ${stdout.trim()} bytes compressed with gzip, ${stderr.trim()} raw`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
