/** When something was seen: captures are in time order, and where they overlap `order` says which of two frames came first. */
export interface Moment {
  capture: number;
  frame: number;
  order?: number;
}

export function isBefore(a: Moment, b: Moment): boolean {
  if (a.capture === b.capture) return a.frame < b.frame;
  return a.order !== undefined && b.order !== undefined ? a.order < b.order : a.capture < b.capture;
}

export const isSameFrame = (a: Moment, b: Moment): boolean => a.capture === b.capture && a.frame === b.frame;
