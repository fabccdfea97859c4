// hot: asked for every UDP packet

/** Registered UDP ports of tunnels (IANA), and 8472, which Linux used for VXLAN before there was one. */
export const tunnelPorts = { l2tp: 1701, gtpU: 2152, teredo: 3544, vxlan: 4789, geneve: 6081, oldVxlan: 8472 } as const;

/** Whether a UDP port is one of tunnels: what its datagrams carry is then looked into, and content decides. */
export function mayCarry(port: number): boolean {
  switch (port) {
    case tunnelPorts.l2tp:
    case tunnelPorts.gtpU:
    case tunnelPorts.teredo:
    case tunnelPorts.vxlan:
    case tunnelPorts.geneve:
    case tunnelPorts.oldVxlan:
      return true;
    default:
      return false;
  }
}
