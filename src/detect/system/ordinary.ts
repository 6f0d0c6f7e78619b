/**
 * Packages of a distribution for which an environment needs nothing: they are in each, are the host's matter, or are
 * about images alone. Data of the detector, so that repositories that name nothing else need no table of the catalogue.
 */
export const ordinary: ReadonlySet<string> = new Set([
  ...['ca-certificates', 'curl', 'wget', 'git', 'gnupg', 'gnupg1', 'gnupg2', 'gpg', 'gpg-agent', 'dirmngr'],
  ...['apt-transport-https', 'apt-utils', 'software-properties-common', 'lsb-release', 'debconf-utils'],
  ...['sudo', 'locales', 'locales-all', 'tzdata', 'musl-locales', 'dumb-init', 'tini', 'gosu', 'su-exec'],
  ...['bash', 'bash-completion', 'coreutils', 'findutils', 'grep', 'sed', 'gawk', 'tar', 'gzip', 'procps'],
  ...[
    'less',
    'vim',
    'vim-tiny',
    'nano',
    'htop',
    'iputils-ping',
    'iproute2',
    'net-tools',
    'dnsutils',
    'telnet',
  ],
  ...['netcat', 'netcat-openbsd', 'netcat-traditional', 'lsof', 'strace', 'openssh-client', 'openssh-server'],
  ...['ssh', 'openssh', 'supervisor', 'cron', 'dcron', 'systemd', 'rsyslog', 'logrotate', 'debian-keyring'],
  ...['debian-archive-keyring', 'passwd', 'adduser', 'shadow', 'man-db', 'dialog', 'libc6', 'libc6-dev'],
  ...[
    'libc-bin',
    'libc-dev',
    'libc6-compat',
    'gcompat',
    'musl',
    'musl-dev',
    'linux-headers',
    'libgcc',
    'libgcc-s1',
  ],
  ...[
    'file-rc',
    'busybox',
    'bind-tools',
    'nginx',
    'apache2',
    'libapache2-mod-php',
    'dbus',
    'dbus-x11',
    'udev',
  ],
  ...[
    'gettext-base',
    'jo',
    'fuse',
    'tree',
    'zsh',
    'fish',
    'tmux',
    'screen',
    'util-linux',
    'psmisc',
    'uuid-runtime',
  ],
  ...[
    'docker.io',
    'docker-ce',
    'docker-ce-cli',
    'containerd.io',
    'docker',
    'docker-cli',
    'docker-compose-plugin',
  ],
  ...['docker-buildx-plugin', 'init-system-helpers', 'ncurses-base', 'ncurses-bin', 'alpine-baselayout'],
]);

/** Packages that are a compiler for C and C++. */
export const compilers: ReadonlySet<string> = new Set([
  ...['build-essential', 'build-base', 'gcc', 'g++', 'cc', 'gcc-multilib', 'g++-multilib', 'alpine-sdk'],
]);
