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
  const shares = (list: readonly string[] | undefined, values: readonly string[]) =>
    list === undefined || values.some((value) => list.includes(value));
  const fits = ({ for: { protocols, checks, reasons, upgrade, mechanisms, servers, paths } }: Remedy) =>
    among(protocols, flow.protocol) &&
    among(checks, check) &&
    (reasons === undefined || (reason !== null && (reasons as string[]).includes(reason))) &&
    among(upgrade, course) &&
    shares(mechanisms, flow.authentication.mechanisms) &&
    shares(paths, flow.paths) &&
    shares(servers, flow.server.roles);
  return remedies.find(fits) ?? null;
}
