import { BlockList, isIP } from 'node:net'

/** Networks that are not the internet: this host, private and shared ones, the link, documentation, tests, multicast, reserved. RFC 6890 */
const NOT_PUBLIC_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
/** Where a network without IPv4 reaches addresses of IPv4, which stand at the end. RFC 6052 */
const NAT64 = '64:ff9b::'
/** All of IPv6 that is the internet, and what in it leads to addresses of IPv4 or nowhere: Teredo and its like, documentation, 6to4. */
const PUBLIC_V6: readonly [string, number][] = [
  ['2000::', 3],
  [NAT64, 96],
]
const NOT_PUBLIC_V6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

/** Tells an address of the internet from one inside: of this machine, of its network, or of none. relay:ATT6 */
export function createPublicAddresses(): (address: string) => boolean {
  const notV4 = new BlockList()
  const notV6 = new BlockList()
  const v6 = new BlockList()
  for (const [net, bits] of NOT_PUBLIC_V4) {
    notV4.addSubnet(net, bits, 'ipv4')
    notV6.addSubnet(`${NAT64}${net}`, 96 + bits, 'ipv6')
  }
  for (const [net, bits] of NOT_PUBLIC_V6) notV6.addSubnet(net, bits, 'ipv6')
  for (const [net, bits] of PUBLIC_V6) v6.addSubnet(net, bits, 'ipv6')

  return (address) => {
    if (isIP(address) === 4) return !notV4.check(address, 'ipv4')
    return isIP(address) === 6 && v6.check(address, 'ipv6') && !notV6.check(address, 'ipv6')
  }
}
