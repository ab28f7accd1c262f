// For what tests share: what one of them could change for another one can't be changed.
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const parts: readonly unknown[] = value instanceof Map ? [...value.values()] : Object.values(value);
  Object.freeze(value);
  for (const part of parts) frozen(part);
  return value;
}
