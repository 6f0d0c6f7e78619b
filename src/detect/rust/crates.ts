/** What is known of crates that stand before native ones: data. */
import type { CrateDependency } from './manifest.ts';

/** Without a lock file: crates that bring a native one, and when. */
export interface Bringer {
  crate: string;
  brings: readonly string[];
  when?: (dependency: CrateDependency) => boolean;
}

const feature =
  (pattern: RegExp) =>
  ({ features }: CrateDependency) =>
    features.some((name) => pattern.test(name));
const byDefault = ({ defaultFeatures }: CrateDependency) => defaultFeatures;

export const bringers: readonly Bringer[] = [
  { crate: 'openssl', brings: ['openssl-sys'] },
  { crate: 'native-tls', brings: ['openssl-sys'] },
  { crate: 'tokio-native-tls', brings: ['openssl-sys'] },
  { crate: 'async-native-tls', brings: ['openssl-sys'] },
  { crate: 'hyper-tls', brings: ['openssl-sys'] },
  // From 0.13 on rustls is the default: https://github.com/seanmonstar/reqwest/releases/tag/v0.13.0
  {
    crate: 'reqwest',
    brings: ['openssl-sys'],
    when: (dependency) =>
      (dependency.defaultFeatures && /^[\^~=]?\s*0\.(\d|1[0-2])(\.|$)/.test(dependency.version ?? '')) ||
      feature(/^(default-tls|native-tls)/)(dependency),
  },
  { crate: 'sqlx', brings: ['openssl-sys'], when: feature(/native-tls/) },
  { crate: 'sqlx', brings: ['libsqlite3-sys'], when: feature(/^sqlite-unbundled$/) },
  { crate: 'sea-orm', brings: ['openssl-sys'], when: feature(/native-tls/) },
  { crate: 'lettre', brings: ['openssl-sys'], when: byDefault },
  { crate: 'rusqlite', brings: ['libsqlite3-sys'] },
  { crate: 'diesel', brings: ['pq-sys'], when: feature(/^postgres$/) },
  { crate: 'diesel', brings: ['mysqlclient-sys'], when: feature(/^mysql$/) },
  { crate: 'diesel', brings: ['libsqlite3-sys'], when: feature(/^sqlite$/) },
  { crate: 'git2', brings: ['libgit2-sys'] },
  { crate: 'git2', brings: ['openssl-sys', 'libssh2-sys'], when: byDefault },
  { crate: 'ssh2', brings: ['libssh2-sys'] },
  { crate: 'curl', brings: ['curl-sys', 'openssl-sys'] },
  { crate: 'isahc', brings: ['curl-sys', 'openssl-sys'] },
  { crate: 'rdkafka', brings: ['rdkafka-sys'] },
  { crate: 'rocksdb', brings: ['librocksdb-sys'] },
  { crate: 'alsa', brings: ['alsa-sys'] },
  { crate: 'cpal', brings: ['alsa-sys'] },
  { crate: 'rodio', brings: ['alsa-sys'], when: byDefault },
  { crate: 'serialport', brings: ['libudev-sys'], when: byDefault },
  { crate: 'rusb', brings: ['libusb1-sys'] },
  { crate: 'zmq', brings: ['zmq-sys'] },
  { crate: 'tonic-build', brings: ['prost-build'] },
  { crate: 'tonic-prost-build', brings: ['prost-build'] },
  { crate: 'gtk', brings: ['gtk-sys'] },
  { crate: 'gtk4', brings: ['gtk4-sys'] },
  { crate: 'libadwaita', brings: ['libadwaita-sys'] },
  { crate: 'gstreamer', brings: ['gstreamer-sys'] },
  { crate: 'sdl2', brings: ['sdl2-sys'] },
  { crate: 'ffmpeg-next', brings: ['ffmpeg-sys-next'] },
  { crate: 'gdal', brings: ['gdal-sys'] },
  { crate: 'proj', brings: ['proj-sys'] },
  { crate: 'hdf5', brings: ['hdf5-sys'] },
  { crate: 'odbc-api', brings: ['odbc-sys'] },
  { crate: 'fontconfig', brings: ['yeslogic-fontconfig-sys'] },
  { crate: 'tikv-jemallocator', brings: ['tikv-jemalloc-sys'] },
  { crate: 'jemallocator', brings: ['jemalloc-sys'] },
  { crate: 'eframe', brings: ['winit'], when: byDefault },
];

/** Crates whose native needs are those of the crates that they bring: with a lock file, those decide. */
export const frontCrates: ReadonlySet<string> = new Set(bringers.map(({ crate }) => crate));

/** Features by which a native crate compiles its own copy of the library, so that it asks for none. */
export interface Vendoring {
  crate: string;
  /** Crates whose features are looked at; null for any. */
  by: readonly string[] | null;
  features: RegExp;
}

export const vendorings: readonly Vendoring[] = [
  {
    crate: 'openssl-sys',
    by: null,
    features:
      /^(vendored-openssl|openssl-vendored|native-tls-vendored|tls-native-vendored|vendored-tls|static-ssl)$/,
  },
  { crate: 'openssl-sys', by: ['openssl', 'openssl-sys', 'native-tls'], features: /^vendored$/ },
  { crate: 'libsqlite3-sys', by: ['rusqlite', 'libsqlite3-sys'], features: /^bundled(?!-windows)/ },
  { crate: 'libgit2-sys', by: ['git2', 'libgit2-sys'], features: /^vendored(-libgit2)?$/ },
];

/**
 * Edges of a lock file that lead to nothing on Linux, or to nothing unless a feature asks for it: lock files
 * hold the crates of all platforms, and of optional dependencies that Cargo cannot tell to be unused.
 */
export function isIdleEdge(from: string, to: string, features: ReadonlySet<string>): boolean {
  if (/^(coreaudio-sys|oboe-sys|asio-sys|webview2-com-sys)$/.test(to)) return true;
  // Only for platforms without bindings made beforehand.
  if (from === 'aws-lc-sys' && to === 'bindgen') return true;
  // Locked with any database: https://github.com/rust-lang/cargo/issues/10801
  const database = /^sqlx-(?<name>sqlite|mysql|postgres)$/.exec(to)?.groups?.name;
  return (
    database !== undefined &&
    from.startsWith('sqlx') &&
    ![...features].some((name) => name.includes(database))
  );
}
