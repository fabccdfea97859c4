/** Block types that mean something here (draft-ietf-opsawg-pcapng §4 and §11.3.1); any other is passed over. */
export const blockType = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  enhancedPacket: 6,
  secrets: 10,
  // not packets, but Wireshark gives each of these a frame number
  journal: 9,
  sysdigEvent: 0x204,
  sysdigEventV2: 0x216,
  sysdigEventV2Large: 0x221,
  custom: 0xbad,
  customNoCopy: 0x4000_0bad,
} as const;
