/** The choice that a misspelt word was most likely meant to be, or null where none is near. */
export function nearest(word: string, choices: readonly string[]): string | null {
  if (word.length > longest) return null;
  let best: string | null = null;
  let bestDistance = Math.floor(word.length / 3) + 2;
  for (const choice of choices) {
    const distance = editDistance(word.toLowerCase(), choice.toLowerCase().slice(0, longest));
    if (distance < bestDistance) {
      best = choice;
      bestDistance = distance;
    }
  }
  return best;
}

/** characters; nobody misspells a word longer than this by a letter or two */
const longest = 64;

/** Letters to insert, remove or replace (Levenshtein), with a swap of neighbours as one. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = least;
    }
  }
  return rows[a.length]![b.length]!;
}
