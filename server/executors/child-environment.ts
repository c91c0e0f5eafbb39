/**
 * The whole environment of a child process. Next's types demand NODE_ENV in every environment, which a
 * program of somebody else's must not get; the cast is safe because the values are strings.
 */
export function childEnvironment(values: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return values as unknown as NodeJS.ProcessEnv;
}
