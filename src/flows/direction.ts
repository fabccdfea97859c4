/** Who sent the bytes: the side that opened the flow, or the other. */
export type Direction = 'client' | 'server';

export const other = (direction: Direction): Direction => (direction === 'client' ? 'server' : 'client');
