// Groups Debian packages into units: what becomes one derivation of the channel.
//
// Debian cuts a program into many packages that refer to one another (python3.13, python3.13-minimal, libpython3.13-stdlib ...).
// A store path cannot refer to one that refers back to it, so such packages are unpacked into one.
import { closure } from './debian.mjs';

// Parts of an installed Debian system that nothing in a store path needs.
const system = new RegExp(
  `^(${[
    'dpkg|dpkg-dev|libdpkg-perl|debconf.*|cdebconf.*|init-system-helpers|install-info|adduser|debianutils|base-files|base-passwd|passwd|login',
    'sysvinit-utils|lsb-base|ucf|sensible-utils|libc-l10n|tzdata-legacy|mime-support|mailcap|media-types|systemd.*|libsystemd-shared|libpam-.*',
    'dbus.*|psmisc|logrotate|ssl-cert|cron.*|netbase|krb5-locales|libnss-.*|iptables|logsave|publicsuffix|bash-completion|libsasl2-modules.*',
    'git-man|liberror-perl|perl-openssl-defaults|openssl-provider-legacy|ca-certificates-java|java-common|nodejs-doc',
    'ruby-(sdbm|xmlrpc|net-telnet|webrick|did-you-mean|minitest|power-assert|test-unit|rexml)|libjson-perl|libipc-run-perl|libio-pty-perl',
    // windows of Erlang's and of R's, and what Java programs find by themselves
    'erlang-(wx|debugger|observer|et)|xdg-utils|default-jre-headless|ant|libsnappy-jni|php-(intl|json|mbstring)',
    'postgresql-common-dev|llvm.*|fonts-.*|fontconfig-config|x11-.*|shared-mime-info|hicolor-icon-theme|dh-.*|debhelper|gettext|po-debconf',
  ].join('|')})$`,
);

// The compiler is found through the cc wrapper: a -dev package must not drag it into the closure of a library.
const compiler =
  /^(gcc|g\+\+|cpp)(-\d+)?(-x86-64-linux-gnu)?$|^lib(c6|gcc-\d+|stdc\+\+-\d+)-dev$|^libc-dev$|^binutils.*$/;
const compilerDependant =
  /^(gcc|g\+\+|cpp|binutils|lib(c6|gcc-\d+|stdc\+\+-\d+)-dev|linux-libc-dev|libcrypt-dev|rpcsvc-proto)/;

// What R draws with is a third of a desktop, and nothing that a package needs to be built and tested.
const drawing = /^lib(cairo|pango|glib|jpeg|png|tiff|tk8|tcl8|x11-|xt6)/;

const programs = [
  /^(python3|python3-minimal|(lib)?python(?<line>3\.\d+)(-minimal|-stdlib|-venv|-dev|t64)?|python3-venv|python3-(pip|setuptools)-whl|libpython3-stdlib)$/,
  /^(perl|perl-base|perl-modules-5\.\d+|libperl5\.\d+(t64)?)$/,
  /^(ruby|ruby3\.\d|libruby3\.\d(t64)?|libruby|ruby-rubygems|rubygems-integration|rake|ruby-bundler|bundler)$/,
  /^(golang|golang-go|golang-src|golang-1\.\d+(-go|-src)?)$/,
  /^openjdk-(?<line>\d+)-(jdk|jre)(-headless)?$/,
  /^(libc6|libgcc-s1|gcc-\d+-base)$/,
  /^(libc6-dev|libc-dev-bin|linux-libc-dev|libcrypt-dev|rpcsvc-proto|libnsl-dev|libtirpc-dev)$/,
  /^(binutils(-common|-x86-64-linux-gnu)?|libbinutils|lib(ctf|ctf-nobfd|sframe|gprofng)\d+)$/,
  /^((gcc|g\+\+|cpp)-(?<line>\d+)(-x86-64-linux-gnu)?|lib(gcc|stdc\+\+)-(?<line2>\d+)-dev)$/,
  /^(cmake|cmake-data)$/,
  /^(redis-server|redis-tools)$/,
  /^(pkgconf|pkgconf-bin|pkg-config|libpkgconf3)$/,
  /^(php\d\.\d-[a-z\d]+|php-cli|php-common)$/,
  /^(composer|jsonlint|php-(?!cli$|common$).*)$/,
  /^(erlang-.*|rebar3)$/,
  // Whose jars are links to one another's.
  /^(maven|leiningen|junit4|lib.*-(java|clojure))$/,
  /^(ocaml(-base|-interp)?|lib(stdlib|compiler-libs)-ocaml(-dev)?)$/,
  /^(luarocks|lua-.*)$/,
  /^(texlive-.*|tex-common|latexmk)$/,
  /^gpr(build|config-kb)$/,
  /^guile-3\.\d(-libs)?$/,
  /^(gfortran|libgfortran)-(?<line>\d+)(-dev|-x86-64-linux-gnu)?$/,
  /^(gnat-(?<line>\d+)(-x86-64-linux-gnu)?|libgnat-\d+)$/,
  /^(gnucobol3|libcob4(-dev|t64)?)$/,
  /^(rustc|libstd-rust-(dev|\d.*))$/,
  /^(postgresql(-client)?(-\d+|-common)?)$/,
];

/**
 * Resolves `tops` in the index of a suite.
 * Returns what the channel's debian/suite.nix reads: {debs: {name: {version, file, sha256}}, units: {name: {debs, deps}}, names: {deb: unit}}.
 */
export function resolve(index, tops) {
  const needs = closure(
    index,
    tops,
    (dependency, dependant) =>
      system.test(dependency) ||
      (dependant === 'r-base-core' && drawing.test(dependency)) ||
      (compiler.test(dependency) && !compilerDependant.test(dependant)),
  );
  const group = groupByProgram(index, needs);
  const graph = new Map();
  for (const [name, dependencies] of needs) {
    const edges = graph.get(group(name)) ?? new Set();
    for (const dependency of dependencies) edges.add(group(dependency));
    graph.set(group(name), edges);
  }
  const names = {};
  const units = {};
  for (const component of stronglyConnected(graph)) {
    const debs = [...needs.keys()].filter((name) => component.includes(group(name))).sort();
    const name = nameOf(debs, tops);
    for (const deb of debs) names[deb] = name;
    // a library with headers becomes two outputs
    units[name] = { debs, headers: debs.some((deb) => group(deb).startsWith('library ')) };
  }
  for (const [name, unit] of Object.entries(units)) {
    const dependencies = unit.debs.flatMap((deb) => needs.get(deb).map((dependency) => names[dependency]));
    unit.deps = [...new Set(dependencies)].filter((dependency) => dependency !== name).sort();
  }
  const debs = {};
  for (const name of [...needs.keys()].sort()) {
    const { version, file, sha256 } = index.packages.get(name);
    debs[name] = { version, file, sha256 };
  }
  return { debs, units: sortKeys(units), names: sortKeys(names) };
}

// A unit is called after the package that was asked for, so that an attribute of the channel finds it.
function nameOf(debs, tops) {
  if (debs.includes('libc6')) return 'libc6';
  return (
    tops.find((top) => debs.includes(top)) ??
    [...debs].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0]
  );
}

// The parts of one program are one group; so are a library and its -dev package, which become two outputs of one derivation.
function groupByProgram(index, needs) {
  const sourcesWithHeaders = new Set(
    [...needs.keys()].filter((name) => name.endsWith('-dev')).map((name) => index.packages.get(name).source),
  );
  const groups = new Map();
  for (const name of needs.keys()) {
    const { source, section } = index.packages.get(name);
    const program = programs.findIndex((pattern) => pattern.test(name));
    if (program >= 0) {
      const { line, line2 } = programs[program].exec(name).groups ?? {};
      groups.set(name, `program ${program} ${line ?? line2 ?? ''}`);
    } else if (
      sourcesWithHeaders.has(source) &&
      (name.endsWith('-dev') || section === 'libs') &&
      !/^(glibc|gcc-\d+|llvm-.*)$/.test(source)
    ) {
      groups.set(name, `library ${source}`);
    } else {
      groups.set(name, `package ${name}`);
    }
  }
  // python3 is a shell around python3.13 and both hold one program: the line of the default interpreter is the only one in a suite.
  for (const [name, key] of groups) if (key === 'program 0 ') groups.set(name, defaultPython(groups));
  return (name) => groups.get(name);
}

function defaultPython(groups) {
  return [...groups.values()].find((key) => key.startsWith('program 0 3')) ?? 'program 0 ';
}

// Tarjan's algorithm.
function stronglyConnected(graph) {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const components = [];
  const visit = (node) => {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    for (const next of [...graph.get(node)].sort()) {
      if (!order.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node), low.get(next)));
      } else if (stack.includes(next)) {
        low.set(node, Math.min(low.get(node), order.get(next)));
      }
    }
    if (low.get(node) !== order.get(node)) return;
    components.push(stack.splice(stack.indexOf(node)));
  };
  for (const node of [...graph.keys()].sort()) if (!order.has(node)) visit(node);
  return components;
}

function sortKeys(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
