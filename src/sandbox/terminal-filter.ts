/** https://docs.kernel.org/userspace-api/seccomp_filter.html: what the numbers mean. */
const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const giveBack = 0x06;
const allow = 0x7fff_0000;
/** SECCOMP_RET_ERRNO with EPERM. */
const refuse = 0x0005_0001;
/** Offsets in `struct seccomp_data`; of the second argument the low half, which is all that ioctl looks at. */
const at = { number: 0, architecture: 4, request: 24 };
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;

const machines: Readonly<Record<string, { architecture: number; ioctl: number }>> = {
  x64: { architecture: 0xc000_003e, ioctl: 16 },
  arm64: { architecture: 0xc000_00b7, ioctl: 29 },
};
/** Calls of the x32 ABI, which have the same architecture. */
const x32 = 0x4000_0000;

/**
 * A seccomp filter that forbids typing into the terminal (TIOCSTI, TIOCLINUX), and all calls of another
 * architecture, which would be a way around.
 *
 * @returns the instructions as bwrap's `--seccomp` takes them; null for a processor that it does not know
 */
export function terminalFilter(architecture: string): Buffer | null {
  const machine = machines[architecture];
  if (machine === undefined) return null;
  const instructions: [code: number, whenTrue: number, whenFalse: number, value: number][] = [
    [load, 0, 0, at.architecture],
    [jumpIfEqual, 0, 6, machine.architecture],
    [load, 0, 0, at.number],
    [jumpIfAtLeast, 4, 0, x32],
    [jumpIfEqual, 0, 4, machine.ioctl],
    [load, 0, 0, at.request],
    [jumpIfEqual, 1, 0, TIOCSTI],
    [jumpIfEqual, 0, 1, TIOCLINUX],
    [giveBack, 0, 0, refuse],
    [giveBack, 0, 0, allow],
  ];
  const filter = Buffer.alloc(instructions.length * 8);
  for (const [index, [code, whenTrue, whenFalse, value]] of instructions.entries()) {
    filter.writeUInt16LE(code, index * 8);
    filter.writeUInt8(whenTrue, index * 8 + 2);
    filter.writeUInt8(whenFalse, index * 8 + 3);
    filter.writeUInt32LE(value, index * 8 + 4);
  }
  return filter;
}
