#!/bin/bash
# boot.sh [COMMAND...]: runs the command as the user `worker` in the environment of the project; with
# ENABLE_DOCKER=1 it starts Docker first and waits until it is ready. Without, it starts nothing. `boot.sh --wait`
# beside it ends when Docker is ready.
#
#   ENABLE_DOCKER=1            start Docker
#   DOCKER_PROFILE             rootless (its default): an engine without privileges. gvisor: one for gVisor's sandbox
#   DOCKER_POLICY=off          the worker speaks to the engine itself, not through the policy (docker-policy.mjs)
#   DOCKER_BUILD_NETWORK       host, bridge or none: the network of builds and of containers,
#   DOCKER_RUN_NETWORK           which the policy gives to each of them
#   DOCKER_BOOT_TIMEOUT=30     seconds that Docker may take to be ready
#   DOCKER_STORAGE_DRIVER      instead of the one that this machine allows
#   DOCKER_PREWARM             images to pull once Docker is ready, separated by spaces; nobody waits for them
#   DOCKERD_FLAGS              more options for dockerd, separated by spaces
#   DOCKER_WORKSPACE=/workspaces   folders that containers may mount, separated by colons
#
# Exit codes of its own: 69 Docker cannot run on this machine, 70 it ended before it was ready, 75 it took too long.
set -euo pipefail

readonly worker_socket=/run/docker-engine/docker.sock
readonly logs=/var/log/docker-engine
readonly system_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

say() {
  echo "boot.sh: $*" >&2
}

# fail CODE TEXT...
fail() {
  local code=$1
  shift
  say "$@"
  exit "$code"
}

# as USER COMMAND...: nothing of the caller's environment goes with it.
as() {
  local user=$1 home
  shift
  home=$(getent passwd "$user" | cut -d : -f 6)
  setpriv --reuid "$user" --regid "$user" --init-groups -- \
    env -i PATH="$system_path" HOME="$home" USER="$user" LOGNAME="$user" "$@"
}

opens() {
  { : 3<>"$1"; } 2>/dev/null
}

# Where a folder is on an overlay already, overlay2 cannot be; and dockerd takes fuse-overlayfs wherever the program is
# installed, is then "ready", and cannot run anything where the device is missing. So it is decided here.
storage_driver() {
  case $(stat -f -c %T "$1") in
    overlayfs | UNKNOWN*)
      if opens /dev/fuse; then echo fuse-overlayfs; else echo vfs; fi
      ;;
    *) echo overlay2 ;;
  esac
}

# number A.B.C.D
number() {
  local IFS=.
  # shellcheck disable=SC2086 # four words
  set -- $1
  echo $((($1 << 24) + ($2 << 16) + ($3 << 8) + $4))
}

# overlap NETWORK NETWORK, each A.B.C.D/BITS
overlap() {
  local bits=${1#*/}
  [ "$bits" -le "${2#*/}" ] || bits=${2#*/}
  [ "$bits" -gt 0 ] && [ $(($(number "${1%/*}") >> (32 - bits))) = $(($(number "${2%/*}") >> (32 - bits))) ]
}

# Networks of the engine that are not this container's own: what is in both cannot be reached from inner containers,
# and the engine, in a network namespace of its own, does not see it. The first is that of the default bridge.
free_networks() {
  local used=() word count=0 candidate network
  while read -r word _; do
    case $word in
      */*) used+=("$word") ;;
      [0-9]*) used+=("$word/32") ;;
    esac
  done < <(ip -4 route show 2>/dev/null)
  while read -r word network _; do
    if [ "$word" = nameserver ] && [[ $network =~ ^[0-9]+(\.[0-9]+){3}$ ]]; then used+=("$network/32"); fi
  done </etc/resolv.conf
  for candidate in 172.{17..31}.0.0/16 10.{201..220}.0.0/16; do
    for network in "${used[@]}"; do
      if overlap "$candidate" "$network"; then continue 2; fi
    done
    echo "$candidate"
    count=$((count + 1))
    [ "$count" -lt 5 ] || return 0
  done
}

# The part that runs as the engine's user: start, wait, and say what went wrong.
serve() {
  local profile=$1 runtime=$2 data=$3
  local engine_socket=$runtime/docker.sock
  umask 022
  mkdir -p "$runtime" "$data" 2>/dev/null || true
  if ! [ -w "$runtime" ] || ! [ -w "$data" ]; then
    fail 69 "$runtime and $data have to be folders that $(id -un) can write: start the container without --read-only," \
      "and with volumes there that are the user's, or not"
  fi
  chmod 700 "$runtime"
  rm -f "$engine_socket"
  local log=$logs/dockerd.log
  { : >"$log"; } 2>/dev/null || log=$runtime/dockerd.log

  local driver=${DOCKER_STORAGE_DRIVER:-}
  [ "$profile" = gvisor ] && driver=${driver:-vfs}
  [ -n "$driver" ] || driver=$(storage_driver "$data")
  local options=(--data-root="$data" --storage-driver="$driver")
  local command
  if [ "$profile" = gvisor ]; then
    # gVisor has no iptables, no bridges and no forwarding for an engine within it.
    command=(dockerd --host="unix://$engine_socket" --pidfile="$runtime/docker.pid" --exec-root="$runtime/docker"
      --iptables=false --ip6tables=false --ip-forward=false --userland-proxy=false --bridge=none)
    # Without the policy the worker, of the group docker, opens the engine's own socket.
    if [ "${DOCKER_POLICY:-on}" = off ]; then
      chmod 755 "$runtime"
      command+=(--group=docker)
    fi
  else
    opens /dev/net/tun || fail 69 "/dev/net/tun is missing, or not open to $(id -un): give the container the device" \
      "(--device /dev/net/tun), and see that its mode on the machine is 0666"
    command=(dockerd-rootless.sh)
  fi
  # Clients of BuildKit name the network of a step themselves, and only the engine can refuse it.
  if [ "${DOCKER_POLICY:-on}" = on ] && [ "${DOCKER_BUILD_NETWORK:-host}" != host ]; then
    echo '{"builder":{"Entitlements":{"network-host":false}}}' >"$runtime/daemon.json"
    options+=(--config-file="$runtime/daemon.json")
  fi
  # shellcheck disable=SC2206 # options, separated by spaces
  local more=(${DOCKERD_FLAGS:-})
  if [ "$profile" = rootless ]; then
    local networks network
    mapfile -t networks < <(free_networks)
    if [ "${#networks[@]}" -gt 1 ]; then
      [[ " ${more[*]} " == *' --bip'[=\ ]* || " ${more[*]} " == *' --bridge'[=\ ]* ]] ||
        options+=("--bip=${networks[0]%0/16}1/16")
      [[ " ${more[*]} " == *' --default-address-pool'[=\ ]* ]] ||
        for network in "${networks[@]:1}"; do
          options+=("--default-address-pool=base=$network,size=24")
        done
    fi
  fi

  local started=$SECONDS limit=${DOCKER_BOOT_TIMEOUT:-30}
  start_engine "${command[@]}" "${options[@]}" "${more[@]}"
  until DOCKER_HOST=unix://$engine_socket docker version >/dev/null 2>&1; do
    if ! kill -0 "$engine" 2>/dev/null; then
      if [ "$profile" = rootless ] && [[ " ${more[*]} " != *' --iptables='* ]] && grep -q iptables "$log"; then
        say "iptables does not work here: containers on a bridge have published ports, but no way out"
        more+=(--iptables=false --ip6tables=false)
        start_engine "${command[@]}" "${options[@]}" "${more[@]}"
        continue
      fi
      explain "Docker ended before it was ready"
      exit 70
    fi
    if [ $((SECONDS - started)) -ge "$limit" ]; then
      explain "Docker was not ready after $limit s"
      kill "$engine" 2>/dev/null || true
      exit 75
    fi
    sleep 0.05
  done
  if [ -n "${DOCKER_PREWARM:-}" ]; then
    # shellcheck disable=SC2086,SC2016 # images, separated by spaces; the inner shell expands the rest
    DOCKER_HOST=unix://$engine_socket setsid -f sh -c 'for image; do docker pull --quiet "$image"; done' prewarm \
      $DOCKER_PREWARM >>"$logs/prewarm.log" 2>&1 </dev/null
  fi
  if [ "${DOCKER_POLICY:-on}" = off ]; then
    return
  fi

  rm -f "$worker_socket"
  local words=() folder
  IFS=: read -ra folders <<<"${DOCKER_WORKSPACE:-/workspaces}"
  for folder in "${folders[@]}"; do
    words+=(--workspace "$folder")
  done
  setsid -f node /usr/local/lib/nidify/docker-policy.mjs --engine "$engine_socket" --listen "$worker_socket" \
    --build-network "${DOCKER_BUILD_NETWORK:-host}" --run-network "${DOCKER_RUN_NETWORK:-bridge}" "${words[@]}" \
    >>"$logs/policy.log" 2>&1 </dev/null
  until [ -S "$worker_socket" ]; do
    [ $((SECONDS - started)) -lt "$limit" ] || fail 75 "the policy was not ready after $limit s:" \
      "$(tail -n 5 "$logs/policy.log")"
    sleep 0.02
  done
  # The folder gives its group to what is made in it, but not in gVisor.
  chgrp docker "$worker_socket"
}

start_engine() {
  XDG_RUNTIME_DIR=$runtime setsid "$@" >>"$log" 2>&1 </dev/null &
  engine=$!
}

# The end of the log, and for what is known, what to do.
explain() {
  say "$1; the end of $log:"
  # Without what the scripts trace, and what went well.
  grep -v -e '^+ ' -e 'level=info' "$log" | tail -n "${DOCKERD_TAIL:-20}" >&2 || true
  if grep -q 'fork/exec /proc/self/exe: operation not permitted' "$log"; then
    say "new user namespaces are refused: run the container with the seccomp profile beside its Dockerfile" \
      "(--security-opt seccomp=seccomp.json); on Ubuntu see kernel.apparmor_restrict_unprivileged_userns"
  elif grep -q 'newuidmap' "$log"; then
    say "newuidmap may not map users: run the container with --cap-add SETUID --cap-add SETGID," \
      "without no-new-privileges, and from an image that kept its file capabilities"
  elif grep -q 'no space left' "$log"; then
    say "there is no room left where $data is"
  elif grep -q -e 'unknown flag' -e 'unknown shorthand flag' -e 'invalid argument' "$log"; then
    say "dockerd does not take its options: see DOCKERD_FLAGS (${DOCKERD_FLAGS:-})"
  elif grep -q 'error initializing graphdriver' "$log"; then
    say "the storage driver $driver does not work on $data: DOCKER_STORAGE_DRIVER names another (vfs works anywhere)"
  fi
}

# Ends where this process may not become another user.
need_users() {
  setpriv --reuid worker --regid worker --init-groups -- true 2>/dev/null ||
    fail 69 "root may not become worker here: run the container with --cap-add SETUID --cap-add SETGID"
}

# The command, as the worker and in the environment. DOCKER_HOST is set in the image.
enter() {
  local words=("$@")
  [ -e /opt/environment/bin/enter ] && words=(/opt/environment/bin/enter "$@")
  # tini passes signals on and buries orphans. It runs as the worker: root, without its capabilities, may not
  # send him any. Nothing that he runs becomes another user: in a folder that a container may write to, it can leave a
  # setuid program, which belongs to the engine's user.
  words=(--no-new-privs -- tini -- "${words[@]}")
  [ "$(id -u)" = 0 ] || exec setpriv "${words[@]}"
  need_users
  export HOME=/home/worker USER=worker LOGNAME=worker
  exec setpriv --reuid worker --regid worker --init-groups "${words[@]}"
}

if [ "${1:-}" = --serve ]; then
  serve "$2" "$3" "$4"
  exit
fi
# For a devcontainer, whose commands are started as soon as its container is.
if [ "${1:-}" = --wait ]; then
  [ "${ENABLE_DOCKER:-0}" = 1 ] || exit 0
  until docker version >/dev/null 2>&1; do
    [ "$SECONDS" -lt "${DOCKER_BOOT_TIMEOUT:-30}" ] || fail 75 "Docker was not ready after ${DOCKER_BOOT_TIMEOUT:-30} s"
    sleep 0.1
  done
  exit
fi
[ "$#" -gt 0 ] || set -- bash
[ "${ENABLE_DOCKER:-0}" = 1 ] || enter "$@"

[ "$(id -u)" = 0 ] || fail 69 "to keep Docker and the worker apart, the container has to start as root, who" \
  "becomes the worker here: leave --user out, or leave ENABLE_DOCKER out"
need_users
[[ ${DOCKER_BOOT_TIMEOUT:-30} =~ ^[1-9][0-9]{0,5}$ ]] ||
  fail 69 "DOCKER_BOOT_TIMEOUT is a number of seconds, not $DOCKER_BOOT_TIMEOUT"
case ${DOCKER_POLICY:-on} in
  on | off) ;;
  *) fail 69 "DOCKER_POLICY is on or off, not $DOCKER_POLICY" ;;
esac
profile=${DOCKER_PROFILE:-rootless}
settings=(DOCKER_POLICY="${DOCKER_POLICY:-on}" DOCKER_BOOT_TIMEOUT="${DOCKER_BOOT_TIMEOUT:-30}"
  DOCKER_BUILD_NETWORK="${DOCKER_BUILD_NETWORK:-host}" DOCKER_RUN_NETWORK="${DOCKER_RUN_NETWORK:-bridge}"
  DOCKER_STORAGE_DRIVER="${DOCKER_STORAGE_DRIVER:-}" DOCKER_PREWARM="${DOCKER_PREWARM:-}" DOCKERD_FLAGS="${DOCKERD_FLAGS:-}"
  DOCKER_WORKSPACE="${DOCKER_WORKSPACE:-/workspaces}" DOCKERD_TAIL="${DOCKERD_TAIL:-20}")
# Proxies and certificates are the machine's, and what the engine pulls images through.
for name in HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR; do
  [ -z "${!name:-}" ] || settings+=("$name=${!name}")
done
runtime=/run/docker-engine/private
data=/var/lib/docker-engine/data
case $profile in
  rootless) user=docker-engine ;;
  gvisor) user=root ;;
  *) fail 69 "DOCKER_PROFILE is rootless or gvisor, not $profile" ;;
esac
if [ "${DOCKER_POLICY:-on}" = off ]; then
  if [ "$profile" = rootless ]; then
    # The engine is the worker's own: what its containers write into mounted folders is then his.
    user=worker
    runtime=/home/worker/.docker-engine
    data=/home/worker/.local/share/docker
    # The same numbers as the engine's user has in the image, which are neither's own.
    for file in /etc/subuid /etc/subgid; do
      grep -q '^worker:' "$file" && continue
      numbers=$(sed -n 's/^docker-engine:/worker:/p' "$file")
      printf '%s\n' "$numbers" >>"$file" || fail 69 "$file has no numbers for worker, and cannot be written"
    done
  fi
  as docker-engine ln -sfn "$runtime/docker.sock" "$worker_socket" || fail 69 "$worker_socket cannot be made"
fi
as "$user" "${settings[@]}" "$0" --serve "$profile" "$runtime" "$data" || exit
enter "$@"
