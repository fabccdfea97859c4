/** When something was seen: captures are in time order. */
export interface Moment {
  capture: number;
  frame: number;
}

export const isBefore = (a: Moment, b: Moment): boolean =>
  a.capture === b.capture ? a.frame < b.frame : a.capture < b.capture;

export const isSameFrame = (a: Moment, b: Moment): boolean => a.capture === b.capture && a.frame === b.frame;
