import { BlockList, isIPv6 } from 'node:net';

/** Everything that is not the public Internet (IANA's special-purpose registries). */
const special = new BlockList();
const ranges4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
const publicIPv6 = new BlockList();
publicIPv6.addSubnet('2000::', 3, 'ipv6');
/** Within 2000::/3: Teredo and its neighbours, documentation, and 6to4, which holds an IPv4 address. */
const ranges6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
for (const [ranges, family] of [[ranges4, 'ipv4'] as const, [ranges6, 'ipv6'] as const]) {
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    special.addSubnet(address, Number(prefix), family);
  }
}

/** Whether an address is one of the public Internet: not this machine's, its network's or a cloud's own. */
export function isPublic(address: string): boolean {
  if (isIPv6(address)) return publicIPv6.check(address, 'ipv6') && !special.check(address, 'ipv6');
  return !special.check(address, 'ipv4');
}
