{ lib, system }:
let
  cpu = lib.head (lib.splitString "-" system);
  kernel = lib.last (lib.splitString "-" system);
  isLinux = kernel == "linux";
  darwinCpu = if cpu == "aarch64" then "arm64" else cpu;
in
{
  inherit system isLinux;
  config = if isLinux then "${cpu}-unknown-linux-gnu" else "${darwinCpu}-apple-darwin";
  isDarwin = kernel == "darwin";
  isUnix = true;
  isx86_64 = cpu == "x86_64";
  isAarch64 = cpu == "aarch64";
  is64bit = true;
  isMusl = false;
  isGnu = isLinux;
  libc = if isLinux then "glibc" else "libSystem";
  linuxArch = if cpu == "aarch64" then "arm64" else cpu;
  parsed = {
    cpu.name = cpu;
    kernel.name = kernel;
  };
  extensions.sharedLibrary = if isLinux then ".so" else ".dylib";
}
