/** The set under a key, made when there is none yet. */
export function groupOf<Key, Member>(groups: Map<Key, Set<Member>>, key: Key): Set<Member> {
  const found = groups.get(key);
  if (found) return found;
  const made = new Set<Member>();
  groups.set(key, made);
  return made;
}
