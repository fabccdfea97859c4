/**
 * A file that comes with the program, by its place from here: `src/` and what the build makes of it, `dist/`, keep such
 * files in the same places, and this module at the top.
 */
export const beside = (path: string): URL => new URL(path, import.meta.url);
