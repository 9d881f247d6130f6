// Whose word counts about where a call came from. Everybody can send `X-Forwarded-For`; only the proxy in front of us is
// believed, which is the one that connects, from this machine or the private network, and it is believed for one step.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('10.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('172.16.0.0', 12, 'ipv4');
PRIVATE.addSubnet('192.168.0.0', 16, 'ipv4');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

/** `hop` 0 is who connects; what stands further back in the chain is what callers say of themselves. */
export function isOurProxy(address: string, hop: number): boolean {
  if (hop > 0) return false;
  if (isIPv4(address)) return PRIVATE.check(address, 'ipv4');
  return isIPv6(address) && PRIVATE.check(address, 'ipv6');
}
