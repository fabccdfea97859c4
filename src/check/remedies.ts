import type { FlowReport } from './audit-report.ts';
import type { CheckName } from './pack.ts';
import type { Reference, Remedy } from './reference.ts';
import type { Reason } from './result.ts';
import { upgradeCourse } from './upgrade-course.ts';

/** What one would do about a failure of this flow; null where no pack says. */
export function remedyFor(
  { remedies }: Reference,
  flow: FlowReport,
  check: CheckName,
  reason: Reason | null,
): Remedy | null {
  const course = upgradeCourse(flow);
  const among = <T>(list: readonly T[] | undefined, value: T) => list === undefined || list.includes(value);
  const fits = ({ for: { protocols, checks, reasons, upgrade, servers, paths } }: Remedy) =>
    among(protocols, flow.protocol) &&
    among(checks, check) &&
    (reasons === undefined || (reason !== null && (reasons as string[]).includes(reason))) &&
    among(upgrade, course) &&
    (paths === undefined || paths.some((path) => flow.paths.includes(path))) &&
    (servers === undefined || servers.some((role) => flow.server.roles.includes(role)));
  return remedies.find(fits) ?? null;
}
