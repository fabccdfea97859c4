/**
 * When something was seen: captures are in time order, and where they overlap, or their frames are out of order, `order`
 * says which of two came first.
 */
export interface Moment {
  capture: number;
  frame: number;
  order?: number;
}

export function isBefore(a: Moment, b: Moment): boolean {
  if (a.capture === b.capture) return (a.order ?? a.frame) < (b.order ?? b.frame);
  return a.order !== undefined && b.order !== undefined ? a.order < b.order : a.capture < b.capture;
}

export const isSameFrame = (a: Moment, b: Moment): boolean => a.capture === b.capture && a.frame === b.frame;
