import type { Reference } from '../../check/reference.ts';
import type { Language } from '../format.ts';
import type { Words } from '../words.ts';

/** What a role is called, or an address's scope that stands for it. */
export function roleName(role: string, { roles }: Reference, language: Language, { page }: Words): string {
  const scopes: Record<string, string> = page.scope;
  return roles.get(role)?.[language] ?? (Object.hasOwn(scopes, role) ? scopes[role]! : role);
}
