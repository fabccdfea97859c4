/** An option that can be given again: all its values, in order. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];
