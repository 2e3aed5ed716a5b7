// Which local modules a cell's import found changed since the last cell that imported them, told in a line.

type Stamps = ReadonlyMap<string, string | undefined>;

export class Reloads {
  readonly #label: (path: string) => string;
  readonly #seen = new Map<string, Stamps>();

  /** `label` gives a path as people read it. */
  constructor(label: (path: string) => string) {
    this.#label = label;
  }

  /** The line for a module that was just imported, if it was loaded anew. `stamps` are those of it and of what it imports. */
  note(path: string, stamps: Stamps): string | undefined {
    const before = this.#seen.get(path);
    this.#seen.set(path, stamps);
    if (before === undefined) return undefined;
    const changed = [...stamps.keys()].filter((file) => stamps.get(file) !== before.get(file));
    if (changed.length === 0) return undefined;
    const others = changed.filter((file) => file !== path).map(this.#label);
    return `reloaded ${this.#label(path)}${others.length > 0 ? ` (changed: ${changed.map(this.#label).join(', ')})` : ''}`;
  }

  /** One that failed is not there to be loaded anew. */
  failed(path: string): void {
    this.#seen.delete(path);
  }
}
