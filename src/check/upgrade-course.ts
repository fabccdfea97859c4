import type { FlowReport } from './audit-report.ts';
import type { UpgradeCourse } from './pack.ts';

/** How far the step to TLS got on a flow that exposed something. */
export function upgradeCourse({ upgrade, tls, encryption }: FlowReport): UpgradeCourse {
  if (upgrade === null) return 'not-seen';
  if (upgrade.accepted) {
    if (tls?.finished || encryption.mechanism !== null) return 'content-beside';
    return tls === null ? 'accepted-not-followed' : 'accepted-not-finished';
  }
  if (upgrade.refusedWith !== null) return 'refused';
  if (upgrade.asked) return 'asked-no-answer';
  if (upgrade.possiblyStripped) return upgrade.offeredElsewhere ? 'offered-elsewhere' : 'possibly-stripped';
  return upgrade.offered ? 'offered-not-used' : 'not-offered';
}
