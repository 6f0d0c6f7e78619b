/** Words that mark what is meant for elsewhere: nothing of it runs on the developer's machine. */
const elsewhere =
  /(^|[^a-z])(prod|production|staging|stage|deploy|deploys|deployment|release|releases|publish|push|rollout|k8s-prod)([^a-z]|$)/i;

export function isElsewhere(name: string): boolean {
  return elsewhere.test(name);
}
