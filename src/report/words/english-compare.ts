/** What `diff` and `verify` say. Each other language has the same. */
export const englishCompare = {
  compared: (before: string, after: string) => `${before} → ${after}`,
  otherPack: (before: string, after: string) =>
    `The two were checked against different rule packs (${before}; ${after}), so a change may be the pack's.`,
  same: 'Nothing got better or worse.',
  worse: 'Worse',
  better: 'Better',
  newlySeen: 'Newly seen',
  noLongerSeen: 'No longer seen: nothing is said about these',
  acceptedSince: 'Accepted since',
  newFindings: 'New findings',
  goneFindings: 'Findings that are gone, though the path was seen',
  unseenFindings: 'Findings of paths that were not seen this time: no reason to think them fixed',
  flows: (number: number) => `${number} flow${number === 1 ? '' : 's'}`,
  verify: {
    belongs: (file: string) => `${file}: is the capture of the report (SHA-256)`,
    renamed: (file: string, name: string) =>
      `${file}: is the capture of the report (SHA-256), where it is called ${name}`,
    noHash: (file: string) => `${file}: the report has no SHA-256 of it; only size and number of frames agree`,
    stranger: (file: string) => `${file}: is no capture of the report`,
    missing: (file: string) => `${file}: a capture of the report that was not given`,
    secondAgrees: (file: string, frames: number) => `${file}: pcap-parser saw the same ${frames} frames, byte for byte`,
    secondDiffers: (file: string, ours: number, theirs: number) =>
      `${file}: pcap-parser saw other frames (${theirs}; ours ${ours})`,
    secondFailed: (file: string) => `${file}: pcap-parser could not read it`,
    noSecond: (file: string) =>
      `${file}: not read a second time: pcap-parser knows only classic captures in microseconds, undamaged`,
    sameReport: 'the audit of these captures comes out the same, byte for byte',
    otherReport: (line: number) =>
      `the audit of these captures comes out otherwise, from line ${line} of the report on`,
    otherVersion: (was: string, is: string) =>
      `the report is of version ${was}, this is ${is}: it cannot be expected to come out the same`,
    otherInput: (what: string) => `${what}: not the one of the report (SHA-256), so the audit was not repeated`,
    notGiven: (what: string, option: string) =>
      `the report was made with ${what}; give it with ${option} to see whether the audit comes out the same`,
    verdictYes: 'VERIFIED',
    verdictNo: 'NOT VERIFIED',
    verdictPartly: 'NOT WHOLLY VERIFIED',
    topology: 'a topology',
    exceptions: 'accepted risks',
    pack: 'another rule pack',
  },
};

export type ComparePhrases = typeof englishCompare;
